// Counts new posts that are out of view, and marks posts as read when the newest one is in view.

import { post } from "../request.js";
import { lastId } from "./post-list.js";

/** Create the tracking of unread posts in `list`, until `signal` aborts. `url` marks posts as read. */
export function createUnread(list, { url, position, notice, signal }) {
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
  const isNew = (row) => !row.matches(".is-mine") && !row.querySelector(".is-removed");
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
