// A list of rooms: shows unread counts, and moves rooms with new posts to the top. It is fetched again after a reconnect, when
// a notification arrives, and, if it has previews, after new posts. Screen readers do not announce its changes.

import { followList, isLive } from "./live.js";
import { pollWhileVisible } from "./polling.js";
import { get, parseFragment } from "./request.js";
import { countText, unread } from "./unread.js";
import { updateNode } from "./update-node.js";

const POLL_SECONDS = 60; // without a stream
const PREVIEW_MS = 10_000; // between two requests for previews
const SPREAD_MS = 2000; // over which the pages of a school send these requests

/** Connect `list`. Return a function that disconnects it. */
export function connect(list) {
  const controller = new AbortController();
  const { signal } = controller;
  const rows = () => [...list.querySelectorAll("[data-room]")];
  let notifications = unread.notifications();
  let timer = 0;
  let fetchedAt = 0;

  const read = () => {
    unread.setRooms(
      rows().map(({ dataset }) => ({
        id: Number(dataset.room),
        newest: Number(dataset.newest),
        unread: Number(dataset.unread),
        mentions: Number(dataset.mentions),
      })),
    );
  };

  const update = async () => {
    clearTimeout(timer);
    timer = 0;
    fetchedAt = Date.now();
    const response = await get(list.dataset.url).catch(() => null);
    if (!response?.ok || response.redirected) return;
    updateNode(list, parseFragment(response.text).firstElementChild);
    read();
  };
  const updateAfter = (milliseconds) => {
    timer ||= setTimeout(() => !document.hidden && update(), milliseconds + Math.random() * SPREAD_MS);
  };

  const show = () => {
    rows().forEach(showCount);
    list.querySelectorAll("[data-keyed]").forEach(sort);
    for (const dot of document.querySelectorAll("[data-unread-dot]")) dot.hidden = !unread.hasOtherUnread();
    // Mentions are notifications: an event about a post does not contain them.
    if (unread.notifications() > notifications) updateAfter(0);
    notifications = unread.notifications();
  };

  unread.onChange(show, signal);
  read();
  followList({
    newest: unread.newest,
    post(post) {
      unread.addPost(post);
      if (list.querySelector("[data-preview]")) updateAfter(Math.max(fetchedAt + PREVIEW_MS - Date.now(), 0));
    },
    reconnected: update,
  });
  const polling = pollWhileVisible(POLL_SECONDS, () => isLive() || update());
  signal.addEventListener("abort", polling.stop);
  signal.addEventListener("abort", () => clearTimeout(timer));
  return () => controller.abort();
}

function showCount(row) {
  const room = unread.room(Number(row.dataset.room));
  const count = row.querySelector("[data-count]");
  const text = room.mentions > 0 ? `@${room.mentions}` : countText(room.unread);
  row.querySelector("a").classList.toggle("is-unread", room.unread > 0);
  count.classList.toggle("is-mention", room.mentions > 0);
  count.hidden = room.unread + room.mentions === 0;
  count.querySelector("[data-number]").textContent = text;
}

/** Sort the rows of `list` by their newest post. Moving an element takes the focus from it. */
function sort(list) {
  const { activeElement } = document;
  const newest = (row) => unread.room(Number(row.dataset.room)).newest;
  [...list.children]
    .sort((a, b) => newest(b) - newest(a))
    .forEach((row, index) => {
      if (list.children[index] !== row) list.insertBefore(row, list.children[index]);
    });
  if (document.activeElement !== activeElement) activeElement.focus({ preventScroll: true });
}
