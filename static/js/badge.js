// Shows the number of unread notifications in the navigation bar and in the title. The stream updates it. Without a
// stream, the page polls; the server responds with 304 while the number is unchanged.

import { isSharedDevice } from "./drafts.js";
import { isLive } from "./live.js";
import { pollWhileVisible } from "./polling.js";
import { get } from "./request.js";
import { countText, unread } from "./unread.js";

/** Connect the link to the notifications, `bell`. Return a function that disconnects it. */
export function connect(bell) {
  const badge = bell.querySelector("[data-unread-count]");
  const label = bell.querySelector("[data-badge-text]");
  const { title } = document;

  const show = () => {
    const number = unread.notifications();
    badge.dataset.unreadCount = number;
    badge.textContent = countText(number);
    badge.hidden = number === 0;
    label.textContent = badge.textContent;
    const dot = unread.unreadRooms().length > 0 ? `• ${title}` : title;
    document.title = number > 0 ? `(${badge.textContent}) ${title}` : dot;
  };
  const controller = new AbortController();
  unread.onChange(show, controller.signal);
  unread.setNotifications(Number(badge.dataset.unreadCount));

  /** Fetch the number. Resolves to false if the session has ended. */
  const update = async () => {
    if (isLive()) return true;
    let response;
    try {
      response = await get(bell.dataset.url, { "If-None-Match": `"${unread.notifications()}"` });
    } catch {
      return true; // offline: try again later
    }
    if (response.redirected) {
      // So that the next user of the device cannot read the page. Reloading redirects to the sign-in page. A conversation
      // reloads itself, and a second navigation would cancel the first.
      if (isSharedDevice() && !document.querySelector("[data-conversation]")) window.location.replace(window.location.pathname);
      return false;
    }
    if (response.status !== 200) return true;
    unread.setNotifications(JSON.parse(response.text).unread);
    return true;
  };
  const polling = pollWhileVisible(Number(bell.dataset.poll), update);
  document.addEventListener("homeroom:changed", polling.run);

  return () => {
    controller.abort();
    polling.stop();
    document.removeEventListener("homeroom:changed", polling.run);
  };
}
