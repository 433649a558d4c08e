// The script of a room's page. It connects the parts of the conversation. Without it, the page works by its links and
// its form.

import { connect as connectComposer } from "./conversation/composer.js";
import { connect as connectHistory } from "./conversation/history-position.js";
import { createNotice } from "./conversation/notice.js";
import { connect as connectPagination } from "./conversation/pagination.js";
import { mergePosts } from "./conversation/post-list.js";
import { createReload } from "./conversation/reload.js";
import { createStream } from "./conversation/room-stream.js";
import { createPosition } from "./conversation/scroll-position.js";
import { createUnread } from "./conversation/unread.js";

/** Connect the conversation `element`. Return a function that disconnects it. */
export function connect(element) {
  const controller = new AbortController();
  const { signal } = controller;
  const { atEnd, revision, read, readSpread, moderated } = element.dataset;
  const { me, meName } = document.body.dataset;
  const find = (selector) => element.querySelector(selector);
  const list = find("[data-posts]");
  const root = find("[data-scroll]");
  const texts = find("[data-texts]").dataset;
  // Shared by the parts: whether the newest posts are loaded, and the revision of the room that is shown.
  const state = { showsEnd: atEnd === "yes", revision: Number(revision) };

  const showNewest = () => {
    position.moveToEnd();
    position.focus();
  };

  /** Show new and changed posts, and stay at the end if the user is there. */
  const receive = (fragment) => {
    const wasAtEnd = position.isAtEnd();
    const { activeElement } = document;
    let inserted = [];
    position.preserve(() => {
      inserted = mergePosts(list, fragment, state.showsEnd);
    });
    if (!activeElement.isConnected) position.focus(); // it was in a post that has been removed
    find("[data-empty]")?.remove();
    if (wasAtEnd) {
      position.moveToEnd();
      unread.markReadLater();
    } else {
      unread.add(inserted);
    }
    document.dispatchEvent(new Event("homeroom:changed"));
  };

  const onSubmit = () => {
    if (state.showsEnd) position.moveToEnd();
  };

  const onPosted = (fragment) => {
    if (state.showsEnd) receive(fragment);
    else window.location.assign(window.location.pathname); // there is no place for the new post
  };

  const onEnd = (revisionBefore) => {
    state.showsEnd = true;
    // Posts that arrived during the request had no place in the list.
    state.revision = revisionBefore;
    stream.update({ evenIfLive: true });
    find("[data-to-newest]")?.remove();
  };

  const reload = createReload(signal);
  const notice = createNotice(find("[data-notice]"), { texts, actions: { reload, newest: showNewest } });
  const position = createPosition(root, { list, state, onEnd: () => unread.reset(), signal });
  const unreadLine = find("[data-unread-line]");
  if (unreadLine && !state.showsEnd) position.moveTo(unreadLine);
  const disconnectHistory = connectHistory(position);
  const unread = createUnread(list, { url: read, me, spread: Number(readSpread), position, notice, signal });
  const viewer = { id: me, name: meName, canModerate: moderated === "yes" };
  const stream = createStream(element, { state, viewer, notice, receive, reload, signal });
  const disconnectPagination = connectPagination(list, { root, state, position, onEnd });
  const form = find("[data-composer]");
  const disconnectComposer = form ? connectComposer(form, { texts, onSubmit, onPosted }) : () => {};

  return () => {
    controller.abort();
    disconnectHistory();
    disconnectPagination();
    disconnectComposer();
  };
}

document.querySelectorAll("[data-conversation]").forEach(connect);
