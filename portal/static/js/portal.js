// Small comforts. Every page works without this file.
"use strict";
(() => {
  const root = document.documentElement;
  root.dataset.js = "";

  const byHash = (link) => document.getElementById(link.hash.slice(1));

  const openDialog = (link, event) => {
    const dialog = byHash(link);
    if (!dialog?.showModal) return;
    event.preventDefault();
    dialog.showModal();
  };

  const closeDialog = (button, event) => {
    const dialog = button.closest("dialog");
    if (!dialog?.open) return;
    event.preventDefault();
    dialog.close();
  };

  const copy = async (button) => {
    const source = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
    const label = button.querySelector("span");
    const before = label.textContent;
    label.textContent = button.dataset.copied;
    setTimeout(() => { label.textContent = before; }, 2000);
  };

  const dismiss = (button) => button.closest(".toast").remove();

  const clicks = { "[data-opens]": openDialog, "[data-closes]": closeDialog, "[data-copy]": copy, "[data-dismiss]": dismiss };
  document.addEventListener("click", (event) => {
    for (const [selector, act] of Object.entries(clicks)) {
      const found = event.target.closest(selector);
      if (found) act(found, event);
    }
    if (event.target.matches("dialog")) event.target.close(); // the dimmed ground around it
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, textarea, select, [contenteditable]");
    const search = document.getElementById("recherche");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && search?.checkVisibility()) {
      event.preventDefault();
      search.focus();
    }
    if (event.key === "Escape") {
      const menu = event.target.closest("details.menu[open]");
      if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
    }
  });

  // A form is sent once: its buttons rest until the answer. The server refuses a second one anyway.
  const rest = (form, resting) => {
    form.setAttribute("aria-busy", resting);
    for (const button of form.querySelectorAll("button:not([type=button])")) button.disabled = resting;
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-once]")) setTimeout(() => { if (!event.defaultPrevented || form.matches(".htmx-request")) rest(form, true); });
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form[data-once]");
    if (form) rest(form, false);
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[aria-busy=true]").forEach((form) => rest(form, false)));

  // Without an answer the page must say so.
  const failed = () => {
    const said = document.getElementById("toast-failed");
    if (said) document.getElementById("toasts").append(said.content.cloneNode(true));
  };
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:responseError", failed);

  // Light, dark, or as the device says. The cookie lets the server paint the next page right at once.
  document.addEventListener("submit", (event) => {
    const theme = event.target.matches("[data-themes]") && event.submitter?.value;
    if (theme === false || theme === undefined) return;
    event.preventDefault();
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax${secure}`;
    root.dataset.theme = theme;
    for (const button of event.target.elements) button.setAttribute("aria-pressed", button.value === theme);
  });

  if (!CSS.supports("field-sizing", "content")) {
    document.addEventListener("input", ({ target }) => {
      if (!target.matches("textarea")) return;
      target.style.height = "auto";
      target.style.height = `${target.scrollHeight + 2}px`;
    });
  }

  // On a phone the open tab may stand outside its strip.
  for (const open of document.querySelectorAll(".tabs [aria-current]")) {
    const strip = open.closest(".tabs");
    strip.scrollLeft = open.offsetLeft - strip.clientWidth / 3;
  }

  // A refused form puts the reader on its list of errors.
  const toErrors = (part) => part.querySelector("[data-errors]")?.focus();
  toErrors(document);
  document.addEventListener("htmx:afterSettle", (event) => toErrors(event.target));
})();
