// Counts new posts that are out of view, and marks posts as read when the newest one is in view.

import { post } from "../request.js";
import { lastId } from "./post-list.js";

/**
 * Create the tracking of unread posts in `list`, until `signal` aborts. `url` marks posts as read, and `me` is the id of
 * the user.
 */
export function createUnread(list, { url, me, position, notice, signal }) {
  let markedUpTo = 0;
  let unseen = []; // rows

  const markRead = () => {
    const upto = lastId(list);
    if (!position.isAtEnd() || document.hidden || upto <= markedUpTo) return;
    markedUpTo = upto;
    post(url, { upto }).catch(() => {
      markedUpTo = 0;
    });
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
  document.addEventListener("visibilitychange", markRead, { signal });
  markRead();
  return { add, reset, markRead };
}
