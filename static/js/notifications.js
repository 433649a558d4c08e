// Marks a notification as read when the user follows its link.

import { sendBeacon } from "./request.js";

/** Connect the notifications in `root`. Return a function that disconnects them. */
export function connect(root) {
  const controller = new AbortController();
  const onClick = (event) => {
    const link = event.target.closest("[data-marks-read]");
    const item = link?.closest("[data-notification]");
    if (!item?.classList.contains("is-unread")) return;
    sendBeacon(link.closest("[data-url]").dataset.url, { notification: item.dataset.notification });
  };
  root.addEventListener("click", onClick, { signal: controller.signal });
  return () => controller.abort();
}
