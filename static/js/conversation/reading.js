// Reports new posts and posts that have been on screen, and shows the link to the newest post unless that one is on screen.

import { countText, unread } from "../unread.js";
import { idOf, isRemoved, lastId, othersIn } from "./post-list.js";

/**
 * Connect `list` and the link `toNewest`, until `signal` aborts. `room` and `me` are the ids of the room and of the user.
 * Call `count` before posts are shown, and `report` after the position or the posts have changed.
 */
export function createReading(list, { toNewest, room, me, position, state, signal }) {
  let frame = 0;

  const report = () => {
    frame = 0;
    if (document.hidden) return;
    if (position.isAtEnd()) unread.seeEnd(lastId(list));
    else see(position.lastInView());
    showLink();
  };
  const see = (row) => {
    if (row) unread.see(idOf(row), othersIn(list, me).map(idOf));
  };
  /** Count the posts of `fragment` that are new, or have been removed, before they are shown. */
  const count = (fragment) => {
    for (const row of fragment.querySelectorAll("[data-post]")) {
      const shown = document.getElementById(row.id);
      if (!isRemoved(row)) unread.addPost({ room: Number(room), post: idOf(row), author: Number(row.dataset.author) });
      else if (shown && !isRemoved(shown) && row.dataset.author !== me) unread.removePost(idOf(row));
    }
  };
  const showLink = () => {
    const number = unread.unseen();
    toNewest.hidden = position.isAtEnd();
    toNewest.querySelector("[data-number]").textContent = number > 0 ? countText(number) : "";
  };
  const onClick = (event) => {
    if (!state.showsEnd) return; // the link loads the newest posts
    event.preventDefault();
    position.moveToEnd();
    position.focus();
  };

  toNewest.addEventListener("click", onClick, { signal });
  document.addEventListener("visibilitychange", report, { signal });
  unread.onChange(showLink, signal);
  return {
    count,
    report,
    reportLater() {
      frame ||= requestAnimationFrame(report);
    },
  };
}
