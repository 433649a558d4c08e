// One EventSource for each visible page. It carries the room that the page shows, new posts in the rooms that it lists, and
// the unread count. Hidden pages close theirs, and get the unread count through a BroadcastChannel. Where there is no stream,
// pages poll.

import { unread } from "./unread.js";

const CLOSE_AFTER = 2000; // milliseconds until a hidden page closes its stream
const TIMEOUT = 10_000; // milliseconds without a heartbeat (3 s) until pages poll: some proxies buffer streams
const MAX_DELAY = 60_000; // milliseconds between two attempts to open a stream

// What other scripts register before the stream is opened, and whether it delivers events.
const page = { room: null, list: null, isLive: false, hasOpened: false };

/** Return whether the stream delivers events, so that the page need not poll. */
export const isLive = () => page.isLive;

/** Subscribe to `room`: `id`, `revision()` (what the page shows), and the handlers `posts`, `reload` and `gone`. */
export function followRoom(room) {
  page.room = room;
}

/** Subscribe to a list of rooms: `newest()` (the newest post that it knows), and the handlers `post` and `reconnected`. */
export function followList(list) {
  page.list = list;
}

/** Open the stream for the page of `body`. Return a function that closes it. */
export function connect(body) {
  const { live, me } = body.dataset;
  if (!live || !window.EventSource) return () => {};
  const controller = new AbortController();
  const { signal } = controller;
  // The name contains the user, so that the next user of this browser gets another channel.
  const channel = new BroadcastChannel(`unread-${me}`);
  const timers = {};
  let source = null;
  let failures = 0;

  const after = (name, milliseconds, task) => {
    clearTimeout(timers[name]);
    timers[name] = setTimeout(task, milliseconds);
  };

  const update = () => {
    if (document.hidden) {
      after("close", CLOSE_AFTER, close);
    } else {
      clearTimeout(timers.close);
      if (!source) open();
    }
  };

  const open = () => {
    clearTimeout(timers.retry);
    const { room, list } = page;
    const position = { ...(room && { room: room.id, after: room.revision() }), ...(list && { newest: list.newest() }) };
    const opened = new EventSource(`${live}&${new URLSearchParams(position)}`);
    source = opened;
    const on = (kind, handle) =>
      opened.addEventListener(kind, (event) => {
        if (source !== opened) return;
        after("timeout", TIMEOUT, retry);
        handle(JSON.parse(event.data));
      });
    on("beat", () => {
      page.isLive = true;
      failures = 0;
    });
    on("unread", ({ unread: number }) => {
      page.isLive = true;
      unread.setNotifications(number);
      channel.postMessage(number);
    });
    on("posts", (posts) => page.room?.posts(posts));
    on("room", (post) => page.list?.post(post));
    for (const kind of ["reload", "gone"]) {
      on(kind, (data) => {
        page.room?.[kind](data);
        page.room = null;
      });
    }
    // The session has ended, this user has too many streams, or this server has none.
    on("closed", retry);
    on("poll", retry);
    opened.addEventListener("open", () => {
      if (page.hasOpened) page.list?.reconnected();
      page.hasOpened = true;
    });
    opened.addEventListener("error", () => source === opened && retry());
    after("timeout", TIMEOUT, retry);
  };

  const retry = () => {
    close();
    failures += 1;
    // Random, so that the browsers of a school do not all reconnect at the same time.
    after("retry", Math.min(1000 * 2 ** failures, MAX_DELAY) * (0.5 + Math.random() / 2), update);
  };

  const close = () => {
    Object.values(timers).forEach(clearTimeout);
    source?.close();
    source = null;
    page.isLive = false;
  };

  channel.addEventListener("message", ({ data }) => unread.setNotifications(data));
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
