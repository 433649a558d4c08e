// Updates the times that the server rendered relative to its clock: "5 minutes ago". A time that becomes older than a
// day shows its absolute form from `data-absolute-time`. The template filter `relative_time` has the same rules.

const MINUTE = 60_000; // milliseconds

/** Connect the times in `root`. Return a function that disconnects them. */
export function connect(root) {
  const format = new Intl.RelativeTimeFormat(document.documentElement.lang);
  const update = () => {
    for (const element of root.querySelectorAll("time[data-relative-time]")) {
      const text = relativeTime(format, Date.now() - Date.parse(element.dateTime), element.dataset.relativeTime);
      if (text) {
        element.textContent = text;
      } else {
        element.textContent = element.dataset.absoluteTime;
        delete element.dataset.relativeTime;
      }
    }
  };
  update();
  const timer = setInterval(update, MINUTE);
  document.addEventListener("visibilitychange", update);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", update);
  };
}

/** Return the text for a time `age` milliseconds ago, null if that is more than a day. */
export function relativeTime(format, age, justNow) {
  const minutes = Math.floor(age / MINUTE);
  if (minutes < 1) return justNow;
  if (minutes < 60) return format.format(-minutes, "minute");
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? format.format(-hours, "hour") : null;
}
