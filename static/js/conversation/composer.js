// Sends posts without reloading the page.

import { parseFragment, post } from "../request.js";
import { connect as connectDraft } from "./draft.js";
import { connect as connectFieldHeight } from "./field-height.js";
import { connect as connectReply } from "./reply.js";

/** Connect the composer `form`. `onPosted(fragment)` shows the new post. Return a function that disconnects it. */
export function connect(form, { texts, onPosted }) {
  const controller = new AbortController();
  const { signal } = controller;
  const field = form.querySelector("textarea");
  const errors = form.querySelector(".composer-errors");
  const disconnectDraft = connectDraft(form);
  const disconnectFieldHeight = connectFieldHeight(field);
  const reply = connectReply(form);
  let isSending = false;

  const showErrors = (html) => {
    errors.replaceChildren(parseFragment(html));
    field.setAttribute("aria-invalid", String(Boolean(html)));
  };

  const reset = () => {
    field.value = "";
    form.querySelector("[name=token]").value = createToken();
    reply.cancel();
    showErrors("");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const handle = async (response) => {
    if (response.status === 201) {
      reset();
      onPosted(parseFragment(await response.text()));
    } else if (response.status === 422 || response.status === 403) {
      const fragment = parseFragment(await response.text()).querySelector(".composer-errors");
      if (fragment) showErrors(fragment.innerHTML);
      else form.submit(); // the form has expired, and the full page explains it
    } else if (response.status >= 500) {
      showErrors(texts.unsent);
    } else {
      form.submit(); // signed out or refused, and the full page explains it
    }
  };

  const onSubmit = async (event) => {
    event.preventDefault();
    // The second click of a double click finds an empty field.
    if (isSending || !field.value.trim()) return;
    isSending = true;
    form.setAttribute("aria-busy", "true");
    try {
      await handle(await post(form.action, new FormData(form)));
    } catch {
      showErrors(texts.unsent);
    } finally {
      isSending = false;
      form.removeAttribute("aria-busy");
      field.focus();
    }
  };

  const onKeydown = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    // On a touch keyboard, which has no Shift+Enter, Enter starts a new line.
    if (window.matchMedia("(hover: none)").matches) return;
    event.preventDefault();
    form.querySelector("[type=submit]").click(); // `requestSubmit` does not exist in Safari 15
  };

  form.addEventListener("submit", onSubmit, { signal });
  field.addEventListener("keydown", onKeydown, { signal });
  return () => {
    controller.abort();
    disconnectDraft();
    disconnectFieldHeight();
    reply.disconnect();
  };
}

/** Return a random UUID. `crypto.randomUUID` does not exist on pages without TLS. */
function createToken() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
