// A contact of the phone, where the browser can ask for one. Loaded on the page that recommends, and nowhere else.
"use strict";
(() => {
  const place = document.querySelector("[data-contacts]");
  if (!place || !navigator.contacts?.select) return;
  place.hidden = false;

  const fill = (name, value) => {
    const field = document.getElementById(`f-${name}`);
    if (!field || !value) return;
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  place.addEventListener("click", async (event) => {
    if (!event.target.closest("[data-pick]")) return;
    const [picked] = await navigator.contacts.select(["name", "tel", "email"], { multiple: false }).catch(() => []);
    if (!picked) return;
    fill("contact", picked.name?.[0]);
    fill("phone", picked.tel?.[0]);
    fill("email", picked.email?.[0]);
    place.closest("details").open = false;
    document.getElementById("f-company").focus();
  });
})();
