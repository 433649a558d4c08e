// Receives new and changed posts of the room from the live stream, or by polling while there is no stream. Reloads the page at
// its newest posts if that is impossible, for example after the session has ended.

import { followRoom, isLive } from "../live.js";
import { pollWhileVisible } from "../polling.js";
import { get, parseFragment } from "../request.js";
import { personalize } from "./post-list.js";
import { revisionOf } from "./rules.js";

const SUBMIT_MS = 10_000; // milliseconds in which a submitted form loads its own page

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

/** Reload the conversation without the parameters that select posts. */
export function reloadPage() {
  const { pathname, search } = window.location;
  window.location.assign(new URLSearchParams(search).has("present") ? `${pathname}?present` : pathname);
}

/**
 * Return a function that reloads the conversation, until `signal` aborts. It waits while a form, such as the sign-out
 * form, is being submitted.
 */
export function createReload(signal) {
  let submittedAt = 0;
  let timer = 0;

  const onSubmit = (event) => {
    if (!event.defaultPrevented) submittedAt = Date.now();
  };
  const onShow = () => {
    submittedAt = 0;
  };
  document.addEventListener("submit", onSubmit, { signal });
  window.addEventListener("pageshow", onShow, { signal });

  const reload = () => {
    clearTimeout(timer);
    const remaining = submittedAt + SUBMIT_MS - Date.now();
    if (remaining > 0) timer = setTimeout(reload, remaining);
    else reloadPage();
  };
  signal.addEventListener("abort", () => clearTimeout(timer));
  return reload;
}
