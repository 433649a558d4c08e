// What happens, as it happens. Pages say what they show and are told; where there is no stream they go on asking.

import { LiveStream } from "./live-stream.js";

const PING = 25_000; // milliseconds
const READY_WITHIN = 4000; // milliseconds that the shared worker has to say that it runs

const listeners = { unread: [], room: null };
let isOpen = false;
let send = () => {};

/** Whether the stream is open, and asking would bring nothing. */
export const isLive = () => isOpen;

/** Call `show(number)` whenever the number of unread notifications is known anew. */
export const onUnread = (show) => listeners.unread.push(show);

/** Follow the room with the id `room`: `revision()` says how far the page is; `posts`, `reload`, `gone` are called. */
export function followRoom(room) {
  listeners.room = room;
  tellWhereIAm();
}

export function startLive() {
  const { live, liveWorker, me } = document.body.dataset;
  if (!live || !window.EventSource) return;
  connect(live, liveWorker, me);
  document.addEventListener("visibilitychange", () => tellWhereIAm());
  window.addEventListener("pagehide", () => send({ leaves: true }));
  window.addEventListener("pageshow", () => tellWhereIAm());
  setInterval(() => document.hidden || tellWhereIAm(), PING);
  tellWhereIAm();
}

function tellWhereIAm() {
  const room = listeners.room;
  send({ room: room ? room.id : null, revision: room ? room.revision() : 0, visible: !document.hidden });
}

function connect(url, workerUrl, me) {
  const absolute = new URL(url, window.location.href).href;
  const here = () => {
    const stream = new LiveStream(absolute);
    send = (said) => stream.hear(hear, said);
    tellWhereIAm();
  };
  if (!window.SharedWorker || !workerUrl) {
    here();
    return;
  }
  let worker;
  try {
    // Named after the person: whoever signs in next in this browser begins anew.
    worker = new SharedWorker(workerUrl, { type: "module", name: `live-${me}` });
  } catch {
    here();
    return;
  }
  // A browser that knows no modules in workers, or is told not to run one, says so late or never.
  let decided = false;
  const giveUp = () => {
    if (decided) return;
    decided = true;
    worker.port.close();
    here();
  };
  worker.addEventListener("error", giveUp);
  setTimeout(giveUp, READY_WITHIN);
  worker.port.addEventListener("message", ({ data }) => {
    if (data.kind !== "ready") {
      hear(data);
    } else if (!decided) {
      decided = true;
      send = (said) => worker.port.postMessage({ url: absolute, ...said });
      tellWhereIAm();
    }
  });
  worker.port.start();
}

function hear(message) {
  const room = listeners.room;
  if (message.kind === "state") isOpen = message.open;
  else if (message.kind === "unread") listeners.unread.forEach((show) => show(message.unread));
  else if (room && message.room === room.id) {
    // What was missed cannot be sent, or may not be seen: the page as it is has nothing more to follow.
    if (message.kind !== "posts") listeners.room = null;
    room[message.kind]?.(message);
  }
}
