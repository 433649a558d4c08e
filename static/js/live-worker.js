// The shared worker: one stream for all tabs of a browser, of which HTTP/1.1 allows six connections in all.

import { LiveStream } from "./live-stream.js";

let stream = null;

self.addEventListener("connect", ({ ports: [port] }) => {
  const tell = (message) => port.postMessage(message);
  port.addEventListener("message", ({ data }) => {
    stream ??= new LiveStream(data.url);
    stream.hear(tell, data);
  });
  port.start();
  tell({ kind: "ready" });
});
