// A button with data-passkey asks its challenge at that address, hands it to the device and sends its form with the answer.
// Without this file, or on a device that knows no passkeys, these parts stay hidden: each page has another way.
"use strict";
(() => {
  if (!window.PublicKeyCredential || !window.isSecureContext) return;

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const held = (keys) => (keys ?? []).map((key) => ({ ...key, id: bytes(key.id) }));

  const create = (asked) => navigator.credentials.create({ publicKey: {
    ...asked, challenge: bytes(asked.challenge), user: { ...asked.user, id: bytes(asked.user.id) }, excludeCredentials: held(asked.excludeCredentials),
  } });
  const sign = (asked) => navigator.credentials.get({ publicKey: {
    ...asked, challenge: bytes(asked.challenge), allowCredentials: held(asked.allowCredentials),
  } });

  const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const asJson = ({ id, rawId, type, response }) => JSON.stringify({
    id, type, rawId: text(rawId),
    response: Object.fromEntries(PARTS.filter((part) => response[part]).map((part) => [part, text(response[part])])),
  });

  const ask = async (form, challenge) => {
    const answer = await fetch(challenge, { method: "POST", headers: { "x-csrf-token": form.elements.csrf.value } });
    if (!answer.ok) throw new Error(answer.statusText);
    const asked = await answer.json();
    return asked.user ? create(asked) : sign(asked);
  };

  for (const button of document.querySelectorAll("button[data-passkey]")) {
    const form = button.form;
    const part = button.closest("[data-passkey-part]");
    const failed = part.querySelector("[data-passkey-failed]");
    part.hidden = false;
    button.addEventListener("click", async () => {
      if (!form.noValidate && !form.reportValidity()) return;
      button.disabled = true;
      failed.hidden = true;
      try {
        form.elements.answer.value = asJson(await ask(form, button.dataset.passkey));
        form.requestSubmit();
      } catch {
        failed.hidden = false;
        button.disabled = false;
      }
    });
  }
  for (const missing of document.querySelectorAll("[data-passkey-missing]")) missing.hidden = true;
})();
