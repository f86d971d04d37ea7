// The desk of sales by keyboard and by drag: each key and each drop presses a button or follows a link that is there anyway.
"use strict";
(() => {
  const ITEM = "[data-desk] :is(li.card, tbody tr)", OFF = "keys-off";
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const here = () => document.activeElement?.closest(ITEM);
  const linkOf = (item) => item?.querySelector("a[href]");
  const shown = (item) => linkOf(item)?.checkVisibility();
  const press = (item, selector) => item?.querySelector(selector)?.click();

  let last = ""; // where the focus goes back to once the page is drawn again
  const go = (item) => { const link = linkOf(item); link?.focus(); link?.scrollIntoView({ block: "nearest" }); };
  document.addEventListener("focusin", () => { last = linkOf(here())?.href ?? last; });
  document.addEventListener("htmx:afterSettle", () => {
    if (document.activeElement === document.body) go(all(ITEM).find((item) => linkOf(item)?.href === last));
  });

  const along = (step) => {
    const now = here();
    const among = all(ITEM, now?.closest("[data-stage]") ?? document).filter(shown);
    go(among[among.indexOf(now) + step] ?? now ?? among[0]);
  };
  const across = (step) => {
    const columns = all("[data-stage]").filter((column) => all(ITEM, column).some(shown));
    const next = columns[columns.indexOf(here()?.closest("[data-stage]")) + step];
    if (next) go(all(ITEM, next)[0]);
  };
  const keys = {
    j: () => along(1), k: () => along(-1), l: () => across(1), h: () => across(-1),
    x: () => press(here(), ".tick"), ".": () => press(here(), "summary"),
    "?": () => document.getElementById("clavier")?.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    const busy = event.target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]") || document.querySelector("dialog[open]");
    if (busy || event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem(OFF)) return;
    const act = keys[event.key] ?? (/^[a-z]$/.test(event.key) && (() => press(here(), `[data-key="${event.key}"]`)));
    if (!act) return;
    if (event.key !== "/") event.preventDefault();
    act();
  });
  for (const box of all("[data-keys]")) {
    box.checked = !localStorage.getItem(OFF);
    box.addEventListener("change", () => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
  }

  // Why it ends is asked in a dialog; without a script, on a page of its own.
  document.addEventListener("click", (event) => {
    const asks = event.target.closest("[data-asks]"), dialog = document.getElementById("motif");
    if (asks && dialog) {
      event.preventDefault();
      htmx.ajax("GET", asks.href, { target: dialog, select: ".page-head .lead, #pourquoi", swap: "innerHTML" }).then(() => {
        dialog.showModal();
        dialog.querySelector("[type=radio]")?.focus();
      });
    }
    if (event.target.closest("[data-tick-all]")) {
      const boxes = all(".tick"), rest = boxes.filter((box) => !box.checked);
      for (const box of rest.length ? rest : boxes) box.click();
    }
  });

  let dragged = null;
  const takes = (column) => dragged && column?.dataset.stage && dragged.querySelector(`[data-to="${column.dataset.stage}"]`);
  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("li.card[draggable]");
    for (const column of all("[data-stage]")) column.classList.toggle("drop", Boolean(takes(column)));
  });
  document.addEventListener("dragover", (event) => { if (takes(event.target.closest("[data-stage]"))) event.preventDefault(); });
  document.addEventListener("drop", (event) => takes(event.target.closest("[data-stage]"))?.click());
  document.addEventListener("dragend", () => {
    for (const column of all(".drop")) column.classList.remove("drop");
    dragged = null;
  });
})();
