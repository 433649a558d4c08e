// Counts new posts that are out of view, and marks posts as read when the newest one is in view.

import { post, sendBeacon } from "../request.js";
import { lastId } from "./post-list.js";

/**
 * Create the tracking of unread posts in `list`, until `signal` aborts. `url` marks posts as read, and `me` is the id of
 * the user. `spread` is the time in seconds over which the pages that receive a post mark it as read: 600 requests at once
 * would delay the next post by two seconds.
 */
export function createUnread(list, { url, me, spread, position, notice, signal }) {
  let markedUpTo = 0;
  let unseen = []; // rows
  let timer = 0;

  const markRead = () => {
    clearTimeout(timer);
    timer = 0;
    const upto = lastId(list);
    if (!position.isAtEnd() || document.hidden || upto <= markedUpTo) return;
    markedUpTo = upto;
    post(url, { upto }).catch(() => {
      markedUpTo = 0;
    });
  };
  const markReadLater = () => {
    timer ||= setTimeout(markRead, Math.random() * spread * 1000);
  };
  /** Mark the posts that the user has seen, before the page is hidden or left. */
  const flush = () => {
    if (!timer) return;
    clearTimeout(timer);
    timer = 0;
    markedUpTo = lastId(list);
    sendBeacon(url, { upto: markedUpTo });
  };
  const isNew = (row) => row.dataset.author !== me && !row.querySelector("[data-removed]");
  /** Add the inserted `rows` to the count, and subtract posts that have been removed. */
  const add = (rows) => {
    unseen = [...unseen, ...rows].filter(isNew);
    notice.update({ unseen: unseen.length });
  };
  const reset = () => {
    unseen = [];
    notice.update({ unseen: 0 });
    markRead();
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? flush() : markRead()), { signal });
  window.addEventListener("beforeunload", flush, { signal });
  window.addEventListener("pagehide", flush, { signal }); // Safari on iPads has no `beforeunload`
  markRead();
  return { add, reset, markReadLater };
}
