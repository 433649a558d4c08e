// Shows the number of unread notifications in the navigation bar and in the title. The stream updates it. Without a
// stream, the page polls; the server responds with 304 while the number is unchanged.

import { isLive, onUnread } from "./live.js";
import { pollWhileVisible } from "./polling.js";
import { get } from "./request.js";

/** Connect the link to the notifications, `bell`. Return a function that disconnects it. */
export function connect(bell) {
  const badge = bell.querySelector("[data-unread-count]");
  const label = bell.querySelector("[data-badge-text]");
  const { title } = document;
  let etag = `"${badge.dataset.unreadCount}"`;

  const show = (unread) => {
    badge.dataset.unreadCount = unread;
    badge.textContent = unread > 99 ? "99+" : unread;
    badge.hidden = unread === 0;
    label.textContent = badge.textContent;
    document.title = unread ? `(${badge.textContent}) ${title}` : title;
  };
  show(Number(badge.dataset.unreadCount));

  const stopListening = onUnread((unread) => {
    etag = `"${unread}"`;
    show(unread);
  });

  /** Fetch the number. Resolves to false if the session has ended. */
  const update = async () => {
    if (isLive()) return true;
    let response;
    try {
      response = await get(bell.dataset.url, { "If-None-Match": etag });
    } catch {
      return true; // offline: try again later
    }
    if (response.redirected) return false;
    if (response.status !== 200) return true;
    etag = response.headers.get("ETag");
    show((await response.json()).unread);
    return true;
  };
  const polling = pollWhileVisible(Number(bell.dataset.poll), update);
  document.addEventListener("homeroom:changed", polling.run);

  return () => {
    stopListening();
    polling.stop();
    document.removeEventListener("homeroom:changed", polling.run);
  };
}
