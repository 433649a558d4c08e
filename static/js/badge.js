// The number of unread notifications, kept current by the stream; without one by asking lightly: 304 while nothing changed.

import { isLive, onUnread } from "./live.js";
import { get, whileVisible } from "./request.js";

export function startBadge() {
  const bell = document.querySelector("[data-badge]");
  if (!bell) return;
  const number = bell.querySelector("[data-unread-count]");
  const words = bell.querySelector("[data-badge-words]");
  const title = document.title;
  let etag = `"${number.dataset.unreadCount}"`;

  const show = (unread) => {
    number.dataset.unreadCount = unread;
    number.textContent = unread > 99 ? "99+" : unread;
    number.hidden = unread === 0;
    words.textContent = number.textContent;
    document.title = unread ? `(${number.textContent}) ${title}` : title;
  };
  show(Number(number.dataset.unreadCount));

  onUnread((unread) => {
    etag = `"${unread}"`;
    show(unread);
  });
  const ask = async () => {
    if (isLive()) return true;
    let answer;
    try {
      answer = await get(bell.dataset.url, { "If-None-Match": etag });
    } catch {
      return true; // offline: the next time tells
    }
    if (answer.redirected) return false; // signed out meanwhile
    if (answer.status !== 200) return true;
    etag = answer.headers.get("ETag");
    show((await answer.json()).unread);
    return true;
  };
  const askNow = whileVisible(Number(bell.dataset.poll), ask);
  document.addEventListener("homeroom:changed", askNow);
}
