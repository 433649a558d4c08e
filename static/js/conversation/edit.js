// Edits a post in its place: the form of the server stands above the row, which is hidden meanwhile.

import { connect as connectDrafts, saveDraft } from "../drafts.js";
import { get, parseFragment, post } from "../request.js";
import { connect as connectSuggestions } from "../suggestions.js";
import { connect as connectField } from "./field.js";
import { isSendKey, outcomeOf } from "./rules.js";

/**
 * Connect the links in `list` that edit posts. `receive(fragment)` shows the changed row, and `texts.unsent` explains a
 * request that failed. Return a function that disconnects them.
 */
export function connect(list, { texts, receive }) {
  const controller = new AbortController();
  const { signal } = controller;
  let editor = null; // { item, row, disconnect }

  /** Show the form of `html` for `row`. */
  const show = (row, html) => {
    close();
    const item = parseFragment(html).firstElementChild;
    row.before(item);
    const form = item.querySelector("form");
    const field = form.elements.body;
    const parts = [connectSuggestions(field, item.querySelector("[data-people]")), connectDrafts(item), connectField(form)];
    editor = { item, row, disconnect: () => parts.forEach((disconnect) => disconnect()) };
    form.addEventListener("submit", (event) => save(event, row));
    form.addEventListener("keydown", (event) => onKeydown(event, form));
    form.querySelector("[data-cancel]").addEventListener("click", (event) => cancel(event, form));
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
    item.scrollIntoView({ block: "nearest" });
  };

  const close = () => {
    if (!editor) return;
    const { item, row, disconnect } = editor;
    editor = null;
    const hadFocus = item.contains(document.activeElement);
    disconnect();
    item.remove();
    if (hadFocus) row.focus();
  };

  const open = async (event) => {
    const link = event.target.closest("[data-edit-link]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    link.closest("[data-menu]").open = false;
    const response = await get(link.href).catch(() => null);
    if (response?.ok && !response.redirected) show(link.closest("[data-post]"), response.text);
    else window.location.assign(link.href); // the page explains it
  };

  const save = async (event, row) => {
    event.preventDefault();
    const form = event.target;
    if (form.hasAttribute("aria-busy")) return;
    form.setAttribute("aria-busy", "true");
    const response = await post(form.action, new FormData(form)).catch(() => null);
    const html = response?.text ?? "";
    const fragment = parseFragment(html);
    const outcome = response ? outcomeOf(response) : "unsent";
    form.removeAttribute("aria-busy");
    if (!form.isConnected) return;
    if (response?.ok && fragment.querySelector("[data-post]")) {
      saveDraft(form, null);
      close();
      receive(fragment);
    } else if (response?.status === 422) show(row, html);
    else if (outcome === "signed out") window.location.assign(form.action); // which shows the draft after signing in
    else if (outcome === "missing") form.submit();
    else showError(form, fragment.querySelector("[data-errors] p")?.textContent ?? texts.unsent);
  };

  const cancel = (event, form) => {
    event.preventDefault();
    saveDraft(form, null);
    close();
  };

  const onKeydown = (event, form) => {
    if (event.key === "Escape") close(); // the draft stays
    if (!isSendKey(event) || event.target !== form.elements.body || window.matchMedia("(hover: none)").matches) return;
    event.preventDefault();
    form.querySelector("[type=submit]").click();
  };

  list.addEventListener("click", open, { signal });
  return () => {
    controller.abort();
    close();
  };
}

function showError(form, text) {
  const error = document.createElement("p");
  error.textContent = text;
  form.querySelector("[data-errors]").replaceChildren(error);
}
