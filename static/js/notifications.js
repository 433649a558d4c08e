// Marks a notification as read when the user follows its link. Only links of unread ones have the hook.

import { sendBeacon } from "./request.js";

/** Connect the notifications in `root`. Return a function that disconnects them. */
export function connect(root) {
  const controller = new AbortController();
  const onClick = (event) => {
    const link = event.target.closest("[data-marks-read]");
    if (!link) return;
    const { notification } = link.closest("[data-notification]").dataset;
    sendBeacon(link.closest("[data-url]").dataset.url, { notification });
  };
  root.addEventListener("click", onClick, { signal: controller.signal });
  return () => controller.abort();
}
