// The script of a room's page. It connects the parts of the conversation. Without it, the page works by its links and
// its form.

import { connect as connectComposer } from "./conversation/composer.js";
import { connect as connectCopyLinks } from "./conversation/copy-link.js";
import { createNotice, createStatus } from "./conversation/messages.js";
import { connect as connectPagination } from "./conversation/pagination.js";
import { connect as connectPostFocus } from "./conversation/post-focus.js";
import { mergePosts } from "./conversation/post-list.js";
import { connect as connectReactions } from "./conversation/reactions.js";
import { connect as connectReadMarks } from "./conversation/read-marks.js";
import { createReading } from "./conversation/reading.js";
import { createReload, createStream, reloadPage } from "./conversation/room-stream.js";
import { connect as connectHistory, createPosition } from "./conversation/scroll-position.js";
import { connect as connectWindowHeight } from "./conversation/window-height.js";
import { connectOnDemand } from "./on-demand.js";
import { unread } from "./unread.js";

const loadEdit = () => import("./conversation/edit.js");
const loadMarks = () => import("./conversation/marks.js");
const loadNotify = () => import("./conversation/notify.js");
const loadPanel = () => import("./conversation/room-panel.js");
const loadUndo = () => import("./conversation/undo.js");
const CURSOR = /[?&](at|before|after)=/; // the address selects posts

/** Connect the conversation `element`. Return a function that disconnects it. */
export function connect(element) {
  const controller = new AbortController();
  const { signal } = controller;
  const { atEnd, revision, room, moderated } = element.dataset;
  const { me, meName } = document.body.dataset;
  const find = (selector) => element.querySelector(selector);
  const list = find("[data-posts]");
  const root = find("[data-scroll]");
  const texts = find("[data-texts]").dataset;
  // Shared by the parts: whether the newest posts are loaded, and the revision of the room that is shown.
  const state = { showsEnd: atEnd === "yes", revision: Number(revision) };

  /** Show new and changed posts, and stay at the end if the user is there. */
  const receive = (fragment) => {
    const wasAtEnd = position.isAtEnd();
    const { activeElement } = document;
    reading.count(fragment);
    position.preserve(() => mergePosts(list, fragment, state.showsEnd));
    if (!activeElement.isConnected) position.focus(); // it was in a post that has been removed
    find("[data-empty]")?.remove();
    if (wasAtEnd) position.moveToEnd();
    reading.report();
    document.dispatchEvent(new Event("homeroom:changed"));
  };

  const onSubmit = () => {
    if (state.showsEnd) position.moveToEnd();
  };

  const onPosted = (fragment) => {
    if (state.showsEnd) receive(fragment);
    else reloadPage(); // there is no place for the new post
  };

  const onEnd = (revisionBefore) => {
    state.showsEnd = true;
    // Posts that arrived during the request had no place in the list.
    state.revision = revisionBefore;
    stream.update({ evenIfLive: true });
    reading.report();
  };

  const reload = createReload(signal);
  const notice = createNotice(find("[data-notice]"), { texts, reload });
  const position = createPosition(root, { list, state, onScroll: () => reading.reportLater(), signal });
  openRoom(element);
  const unreadLine = find("[data-unread-line]");
  if (unreadLine && !CURSOR.test(window.location.search)) position.moveTo(unreadLine);
  const reading = createReading(list, { toNewest: find("[data-to-newest]"), room, me, position, state, signal });
  const viewer = { id: me, name: meName, canModerate: moderated === "yes" };
  const stream = createStream(element, { state, viewer, notice, receive, reload, signal });
  const status = createStatus(find("[data-status]"), signal);
  const form = find("[data-composer]");
  const disconnectParts = [
    connectWindowHeight(document.body),
    connectHistory(position),
    connectPagination(list, { root, state, position, onEnd }),
    connectPostFocus(list, root),
    connectCopyLinks(list, { status, text: texts.copied }),
    connectReactions(element, { list, me, receive, onError: (text) => status.show(text || texts.unsent) }),
    connectOnDemand(element, "[form^=mark-]", loadMarks, { list, room: Number(room), me, status, texts }),
    connectOnDemand(element, "[form=notify-form]", loadNotify, { status, text: texts.unsent }),
    connectOnDemand(element, "[data-panel-link]", loadPanel, document.querySelector("[data-panel]")),
    ...(form ? [connectComposer(form, { pending: find("[data-pending]"), list, onSubmit, onPosted })] : []),
    ...(form ? [connectOnDemand(list, "[data-edit-link]", loadEdit, { texts, receive })] : []),
    ...(form ? [connectOnDemand(list, "[data-delete-link]", loadUndo, find("[data-undo]"), { receive, focus: position.focus })] : []),
  ];
  reading.report();
  disconnectParts.push(connectReadMarks(element));

  return () => {
    controller.abort();
    disconnectParts.forEach((disconnect) => disconnect());
  };
}

/** Tell the other scripts what is unread in the room of `element`. */
function openRoom({ dataset }) {
  unread.openRoom(Number(dataset.room), {
    lastRead: dataset.lastRead === "" ? null : Number(dataset.lastRead),
    hasGap: dataset.hasGap === "yes",
    newest: Number(dataset.newest),
    unread: Number(dataset.unread),
    mentions: Number(dataset.mentions),
  });
}

document.querySelectorAll("[data-conversation]").forEach(connect);
