// One EventSource for each visible page. It carries the room that the page shows, and the unread count. Hidden pages
// close theirs, and get the unread count through a BroadcastChannel. Where there is no stream, pages poll.

const CLOSE_AFTER = 2000; // milliseconds until a hidden page closes its stream
const TIMEOUT = 10_000; // milliseconds without a heartbeat (3 s) until pages poll: some proxies buffer streams
const MAX_DELAY = 60_000; // milliseconds between two attempts to open a stream

const unreadListeners = new Set();
let url = null;
let room = null;
let channel = null;
let source = null;
let isOpen = false;
let failures = 0;
let timers = {};

/** Return whether the stream delivers events, so that the page need not poll. */
export const isLive = () => isOpen;

/** Call `listener(count)` when the unread count arrives. Return a function that removes the listener. */
export function onUnread(listener) {
  unreadListeners.add(listener);
  return () => unreadListeners.delete(listener);
}

/** Subscribe to `newRoom`: `id`, `revision()` (what the page shows), and the handlers `posts`, `reload` and `gone`. */
export function followRoom(newRoom) {
  room = newRoom;
}

/** Open the stream for the page of `body`. Return a function that closes it. */
export function connect(body) {
  const { live, me } = body.dataset;
  if (!live || !window.EventSource) return () => {};
  const controller = new AbortController();
  const { signal } = controller;
  url = live;
  // The name contains the user, so that the next user of this browser gets another channel.
  channel = new BroadcastChannel(`unread-${me}`);
  channel.addEventListener("message", ({ data }) => unreadListeners.forEach((listener) => listener(data)));
  document.addEventListener("visibilitychange", update, { signal });
  window.addEventListener("online", update, { signal });
  window.addEventListener("pagehide", close, { signal });
  window.addEventListener("pageshow", update, { signal });
  update();
  return () => {
    controller.abort();
    channel.close();
    close();
  };
}

function update() {
  if (document.hidden) {
    after("close", CLOSE_AFTER, close);
  } else {
    clearTimeout(timers.close);
    if (!source) open();
  }
}

function open() {
  clearTimeout(timers.retry);
  const opened = new EventSource(room ? `${url}?room=${room.id}&after=${room.revision()}` : url);
  source = opened;
  const on = (kind, handle) =>
    opened.addEventListener(kind, (event) => {
      if (source !== opened) return;
      after("timeout", TIMEOUT, retry);
      handle(JSON.parse(event.data));
    });
  on("beat", () => {
    isOpen = true;
    failures = 0;
  });
  on("unread", ({ unread }) => {
    isOpen = true;
    unreadListeners.forEach((listener) => listener(unread));
    channel.postMessage(unread);
  });
  on("posts", (posts) => room?.posts(posts));
  for (const kind of ["reload", "gone"]) {
    on(kind, (data) => {
      room?.[kind](data);
      room = null;
    });
  }
  // The session has ended, this user has too many streams, or this server has none.
  on("bye", retry);
  on("poll", retry);
  opened.addEventListener("error", () => source === opened && retry());
  after("timeout", TIMEOUT, retry);
}

function retry() {
  close();
  failures += 1;
  // Random, so that the browsers of a school do not return all at once.
  after("retry", Math.min(1000 * 2 ** failures, MAX_DELAY) * (0.5 + Math.random() / 2), update);
}

function close() {
  Object.values(timers).forEach(clearTimeout);
  source?.close();
  source = null;
  isOpen = false;
}

function after(name, milliseconds, task) {
  clearTimeout(timers[name]);
  timers[name] = setTimeout(task, milliseconds);
}
