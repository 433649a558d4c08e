// Marks the posts from one on as unread. The page then stays as it is, and marks nothing as read until it is reloaded.

import { post } from "../request.js";
import { unread } from "../unread.js";
import { idOf, othersIn } from "./post-list.js";

/** Connect the form "Mark unread from here" and its buttons in `list`. Return a function that disconnects them. */
export function connect(form, { list, me, status, text }) {
  const controller = new AbortController();
  const onSubmit = async (event) => {
    event.preventDefault();
    const { name, value } = event.submitter;
    const menu = event.submitter.closest("[data-menu]");
    menu.open = false;
    menu.querySelector("summary").focus();
    unread.markUnread(Number(value), othersIn(list, me).map(idOf));
    const response = await post(form.action, { unread: form.elements.unread.value, [name]: value }).catch(() => null);
    if (response?.ok) status.show(text);
  };
  form.addEventListener("submit", onSubmit, { signal: controller.signal });
  return () => controller.abort();
}
