// Marks the posts that have been on screen as read: the first time at once, then at most every 30 seconds, and the last time
// when the page is hidden or left. Each mark is a request, and a school's screens show the same room.

import { post, sendBeacon } from "../request.js";
import { unread } from "../unread.js";
import { markDelay } from "./rules.js";

/** Connect the marks of the conversation `element`. Return a function that disconnects them. */
export function connect(element) {
  const controller = new AbortController();
  const { signal } = controller;
  const { read: url, readSpread } = element.dataset;
  let sentAt = Date.now();
  let notifications = unread.notifications();
  let timer = 0;
  let dueAt = Infinity;

  const stop = () => {
    clearTimeout(timer);
    dueAt = Infinity;
  };
  const send = () => {
    stop();
    const upto = unread.toMark();
    if (!upto || document.hidden) return;
    sentAt = Date.now();
    const before = unread.setMarked(upto);
    const tryAgain = () => {
      unread.setMarked(before);
      schedule();
    };
    post(url, { upto }).then((response) => {
      if (!response.ok) tryAgain();
      else document.dispatchEvent(new Event("homeroom:changed")); // the badge
    }, tryAgain);
  };
  const schedule = () => {
    const isNotified = unread.notifications() > notifications;
    notifications = unread.notifications();
    if (!unread.toMark() || document.hidden) return;
    const now = Date.now();
    const at = now + markDelay({ now, sentAt, isNotified, spread: readSpread * 1000, random: Math.random() });
    if (at >= dueAt) return;
    stop();
    dueAt = at;
    timer = setTimeout(send, at - now);
  };
  const flush = () => {
    stop();
    const upto = unread.toMark();
    if (!upto) return;
    unread.setMarked(upto);
    sendBeacon(url, { upto });
  };

  unread.onChange(schedule, signal);
  document.addEventListener("visibilitychange", () => (document.hidden ? flush() : schedule()), { signal });
  window.addEventListener("beforeunload", flush, { signal });
  window.addEventListener("pagehide", flush, { signal }); // Safari on iPads has no `beforeunload`
  signal.addEventListener("abort", stop);
  send();
  return () => controller.abort();
}
