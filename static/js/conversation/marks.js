// Marks the posts from one on as unread, or all posts of the room as read. A page on which posts were marked as unread marks
// nothing as read until it is reloaded, or until the user marks all posts as read.

import { post } from "../request.js";
import { unread } from "../unread.js";
import { idOf, othersIn } from "./post-list.js";

/** Connect the forms for these marks, whose buttons are in `root`. Return a function that disconnects them. */
export function connect(root, { list, room, me, status, texts }) {
  const controller = new AbortController();
  const { signal } = controller;

  const submit = async ({ target, submitter }, text) => {
    const menu = submitter.closest("[data-menu]");
    menu.open = false;
    menu.querySelector("summary").focus();
    const fields = new FormData(target);
    if (submitter.name) fields.append(submitter.name, submitter.value);
    const response = await post(target.action, fields).catch(() => null);
    const isMarked = response?.status === 204;
    status.show(isMarked ? text : texts.unsent);
    return isMarked;
  };
  const onUnread = (event) => {
    event.preventDefault();
    unread.markUnread(Number(event.submitter.value), othersIn(list, me).map(idOf));
    submit(event, texts.markedUnread);
  };
  const onRead = async (event) => {
    event.preventDefault();
    const { newest } = unread.room(room);
    unread.seeEnd(newest, { isForced: true });
    const before = unread.setMarked(newest);
    if (await submit(event, texts.markedRead)) document.dispatchEvent(new Event("homeroom:changed")); // the badge
    else unread.setMarked(before);
  };
  document.querySelector("[data-mark-unread]").addEventListener("submit", onUnread, { signal });
  document.querySelector("[data-mark-read]").addEventListener("submit", onRead, { signal });
  return () => controller.abort();
}
