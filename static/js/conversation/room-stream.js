// Receives new and changed posts of the room from the live stream, or by polling while there is no stream.

import { followRoom, isLive } from "../live.js";
import { pollWhileVisible } from "../polling.js";
import { get, parseFragment } from "../request.js";
import { personalize } from "./post-list.js";
import { revisionOf } from "./rules.js";

/**
 * Create the stream of the conversation `element`, until `signal` aborts. `receive(fragment)` shows posts, and
 * `state.revision` is the revision shown.
 */
export function createStream(element, { state, viewer, notice, receive, reload, signal }) {
  const { updates, room, poll } = element.dataset;
  let mustReload = false;

  /** Fetch posts since the revision shown. Resolves to false if the page must be reloaded. */
  const update = async ({ evenIfLive = false } = {}) => {
    if (mustReload) return false;
    if (isLive() && !evenIfLive) {
      notice.update({ isOffline: false });
      return true;
    }
    const url = `${updates}?after=${state.revision}`;
    const response = await get(url, { "If-None-Match": `"${state.revision}"` }).catch(() => null);
    // The session has ended, or the user has left the room.
    if (response?.redirected || response?.status === 404) {
      reload();
      return false;
    }
    mustReload = response?.status === 205;
    notice.update({ isOffline: response === null || response.status >= 500, mustReload });
    if (response?.status === 200) {
      const revision = revisionOf(response.headers.get("ETag"));
      // The stream may have delivered these posts during the request.
      if (revision > state.revision || evenIfLive) receive(parseFragment(response.text));
      state.revision = Math.max(state.revision, revision);
    }
    return !mustReload;
  };

  followRoom({
    id: Number(room),
    revision: () => state.revision,
    posts({ revision, html, names }) {
      if (revision <= state.revision) return;
      state.revision = revision;
      const fragment = parseFragment(html);
      personalize(fragment, names, viewer);
      receive(fragment);
    },
    reload() {
      mustReload = true;
      notice.update({ mustReload });
    },
    gone: reload,
  });
  const polling = pollWhileVisible(Number(poll), () => update());
  signal.addEventListener("abort", () => {
    followRoom(null);
    polling.stop();
  });
  return { update };
}
