// The conversation: older posts as one scrolls, new ones as they come, a composer that keeps what was typed.
// Without this script the same page works by its links and its form.

import { followRoom, isLive } from "./live.js";
import { get, nodesOf, post, whileVisible } from "./request.js";

const GROUPED_WITHIN = 5 * 60 * 1000; // milliseconds, as the server groups
const LEAVING_MS = 10_000; // in which a form that was sent brings its own page
const AT_END = 40; // pixels from the newest post that still count as being there

export function startConversation() {
  const room = document.querySelector("[data-conversation]");
  if (!room) return;
  const scroll = room.querySelector("[data-scroll]");
  const list = room.querySelector("[data-posts]");
  const words = room.querySelector("[data-words]").dataset;
  const notice = room.querySelector("[data-notice]");
  let showsEnd = room.dataset.atEnd === "yes";
  let revision = Number(room.dataset.revision);
  let readUpto = 0;
  let unseen = 0;
  let offline = false;
  let missedTooMuch = false;

  // --- Where things go ---

  const posts = () => list.querySelectorAll("[data-post]");
  const idOf = (row) => Number(row.dataset.post);
  const lastId = () => Math.max(0, ...[...posts()].slice(-1).map(idOf));
  const isAtEnd = () => showsEnd && Math.abs(scroll.scrollTop) < AT_END;
  const toEnd = () => (scroll.scrollTop = 0);

  /** Keep what is being read where it is while `change` puts posts in anywhere. */
  const holdingStill = (change) => {
    const stay = !isAtEnd();
    const top = scroll.getBoundingClientRect().top;
    const anchor = stay && [...posts()].find((item) => item.getBoundingClientRect().bottom > top);
    const before = anchor ? anchor.getBoundingClientRect().top : 0;
    change();
    if (anchor?.isConnected) scroll.scrollTop += anchor.getBoundingClientRect().top - before;
    else if (!stay) toEnd();
  };

  /** One line a day, and each post beside the one that it goes on from. */
  const tidy = () => {
    let day = null;
    let previous = null;
    for (const item of [...list.children]) {
      if (item.dataset.day) {
        if (item.dataset.day === day) item.remove();
        else previous = null;
        day = item.dataset.day;
      } else if (item.dataset.post) {
        item.classList.toggle("goes-on", previous !== null && goesOn(previous, item));
        previous = item;
      } else {
        previous = null;
      }
    }
  };

  /** Put a new row where its id belongs, under its day; return whether that part of the conversation is here. */
  const insert = (item, day) => {
    const shown = [...posts()];
    const next = shown.find((row) => idOf(row) > idOf(item));
    if (next ? next === shown[0] && list.querySelector("[data-older]") : !showsEnd) return false;
    let place = next ?? null;
    if (place?.previousElementSibling?.dataset.day) place = place.previousElementSibling;
    if (day) list.insertBefore(day.cloneNode(true), place);
    list.insertBefore(item, place);
    return true;
  };

  /** Put rows that came from the server (markup or nodes) in place; return how many were not there before. */
  const place = (html) => {
    let added = 0;
    let day = null;
    for (const item of [...(typeof html === "string" ? nodesOf(html) : html).children]) {
      if (item.dataset.day) day = item;
      if (!item.dataset.post) continue;
      const known = document.getElementById(item.id);
      if (known && known.innerHTML === item.innerHTML) continue;
      if (known) known.replaceWith(item);
      else if (insert(item, day)) added += 1;
    }
    tidy();
    room.querySelector(".empty")?.remove();
    return added;
  };

  // --- What it says ---

  const say = (text, onClick) => {
    if (notice.textContent === text) return; // said already; a button there keeps its focus
    notice.replaceChildren();
    notice.hidden = !text;
    if (!text) return;
    const part = document.createElement(onClick ? "button" : "span");
    part.textContent = text;
    if (onClick) {
      part.type = "button";
      part.addEventListener("click", onClick);
    }
    notice.append(part);
  };
  // Somebody who signs out is on their way: that their session has ended is no news then.
  let leaving = 0;
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) leaving = Date.now();
  });
  window.addEventListener("pageshow", () => (leaving = 0));
  const loadAnew = () => {
    const held = leaving + LEAVING_MS - Date.now();
    if (held > 0) setTimeout(loadAnew, held);
    else window.location.assign(window.location.pathname);
  };
  const goToEnd = () => {
    toEnd();
    scroll.focus();
  };
  const tell = () => {
    if (missedTooMuch) say(words.reload, loadAnew);
    else if (offline) say(words.offline);
    else if (unseen) say(unseen === 1 ? words.newOne : words.newMany.replace("%s", unseen), goToEnd);
    else say("");
  };

  const markRead = () => {
    const upto = lastId();
    if (!isAtEnd() || document.hidden || upto <= readUpto) return;
    readUpto = upto;
    post(room.dataset.read, { upto }).catch(() => (readUpto = 0));
  };

  // --- Older and newer posts ---

  const loadPage = async (item) => {
    if (item.dataset.loading) return;
    item.dataset.loading = "yes";
    const since = revision;
    try {
      const answer = await get(item.querySelector("a").href);
      if (!answer.ok || answer.redirected) throw new Error(`page answered ${answer.status}`);
      const nodes = nodesOf(await answer.text());
      // A page reached from below has a link back down, and one reached from above a link up: both are here.
      nodes.querySelectorAll(item.matches("[data-older]") ? "[data-newer]" : "[data-older]").forEach((it) => it.remove());
      for (const known of nodes.querySelectorAll("[data-post]")) if (document.getElementById(known.id)) known.remove();
      const endsHere = item.matches("[data-newer]") && !nodes.querySelector("[data-newer]");
      holdingStill(() => {
        item.replaceWith(nodes);
        tidy();
      });
      if (endsHere) {
        showsEnd = true;
        revision = since; // what came in between had no place yet
        ask(true);
        room.querySelector(".to-newest")?.remove();
      }
      watchEdges();
    } catch {
      delete item.dataset.loading; // the link is there still
    }
  };
  const edges = new IntersectionObserver(
    (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => loadPage(entry.target)),
    { root: scroll, rootMargin: "600px 0px" },
  );
  const watchEdges = () => {
    edges.disconnect();
    list.querySelectorAll("[data-older], [data-newer]").forEach((item) => edges.observe(item));
  };
  watchEdges();

  // --- New posts ---

  const ask = async (evenIfLive = false) => {
    if (missedTooMuch) return false;
    if (isLive() && !evenIfLive) {
      offline = false;
      tell();
      return true;
    }
    let answer = null;
    try {
      answer = await get(`${room.dataset.updates}?after=${revision}`, { "If-None-Match": `"${revision}"` });
    } catch {
      // no answer: told below
    }
    if (answer?.redirected || answer?.status === 404) {
      loadAnew(); // signed out, or out of the room: the page itself says what is the matter
      return false;
    }
    offline = answer === null || answer.status >= 500;
    missedTooMuch = answer?.status === 205;
    tell();
    if (answer?.status === 200) {
      const rows = await answer.text();
      const answered = Number(answer.headers.get("ETag").replaceAll('"', "").replace(/^W\//, ""));
      // Unless the stream was faster.
      if (answered > revision || evenIfLive) receive(rows);
      revision = Math.max(revision, answered);
    }
    return !missedTooMuch;
  };

  const receive = (html) => {
    const wasAtEnd = isAtEnd();
    let added = 0;
    holdingStill(() => (added = place(html)));
    if (wasAtEnd) {
      toEnd();
      markRead();
    } else if (added) {
      unseen += added;
      tell();
    }
    document.dispatchEvent(new Event("homeroom:changed"));
  };
  whileVisible(Number(room.dataset.poll), ask);

  /** Give rows that are the same for every reader what makes them this reader's. */
  const makeOwn = ({ html, names }) => {
    const rows = nodesOf(html);
    const { me, meName } = document.body.dataset;
    for (const row of rows.querySelectorAll("[data-post]")) {
      const mine = row.dataset.author === me;
      row.classList.toggle("is-mine", mine);
      row.classList.toggle("is-removable", mine || room.dataset.moderated === "yes");
      row.classList.toggle("is-for-me", names[row.dataset.post]?.includes(meName) ?? false);
    }
    return rows;
  };
  followRoom({
    id: Number(room.dataset.room),
    revision: () => revision,
    posts: (said) => {
      if (said.revision <= revision) return;
      revision = said.revision;
      receive(makeOwn(said));
    },
    reload: () => {
      missedTooMuch = true;
      tell();
    },
    gone: loadAnew,
  });

  scroll.addEventListener("scroll", () => {
    if (!isAtEnd()) return;
    unseen = 0;
    tell();
    markRead();
  });
  document.addEventListener("visibilitychange", markRead);
  markRead();

  const composer = room.querySelector("[data-composer]");
  if (composer) startComposer(composer, words, { receive, toEnd, showsEnd: () => showsEnd });
}

function goesOn(previous, item) {
  const time = (row) => Date.parse(row.querySelector("time")?.dateTime ?? "");
  return (
    previous.dataset.author === item.dataset.author &&
    !item.querySelector(".post-quote, .is-removed") &&
    !previous.querySelector(".is-removed") &&
    time(item) - time(previous) < GROUPED_WITHIN
  );
}

function startComposer(form, words, conversation) {
  const field = form.querySelector("textarea");
  const count = form.querySelector("[data-count]");
  const reply = form.querySelector("[data-reply]");
  const replyTo = form.querySelector("[data-reply-to]");
  const errors = form.querySelector(".composer-errors");
  const limit = Number(form.dataset.limit);
  const draft = `draft:${form.dataset.person}:${form.getAttribute("action")}`;
  let sending = false;

  const counted = () => {
    const left = limit - [...field.value.trim()].length;
    count.textContent = left <= 40 ? left : "";
    count.classList.toggle("is-over", left < 0);
    sessionStorage.setItem(draft, field.value);
  };
  if (!field.value) field.value = sessionStorage.getItem(draft) ?? "";
  counted();
  field.addEventListener("input", counted);

  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    // On a touch keyboard there is no Shift+Enter: there, Enter makes a line.
    if (window.matchMedia("(hover: none)").matches) return;
    event.preventDefault();
    form.requestSubmit();
  });

  const answer = (row) => {
    replyTo.value = row.dataset.post;
    const name = row.querySelector(".name-user") ?? row.querySelector(".name");
    reply.querySelector("[data-reply-name]").textContent = name.textContent.replace(/^@/, "");
    reply.querySelector("[data-reply-text]").textContent = row.querySelector(".post-body").textContent;
    reply.hidden = false;
    field.focus();
  };
  const dropReply = () => {
    replyTo.value = "";
    reply.hidden = true;
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".act-reply");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    answer(link.closest("[data-post]"));
  });
  form.querySelector("[data-reply-cancel]").addEventListener("click", (event) => {
    event.preventDefault();
    dropReply();
    field.focus();
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    // The second half of a double click finds the field empty already.
    if (sending || !field.value.trim()) return;
    sending = true;
    form.setAttribute("aria-busy", "true");
    try {
      const response = await post(form.action, new FormData(form));
      if (response.status === 201) {
        field.value = "";
        form.querySelector("[name=token]").value = newToken();
        dropReply();
        showErrors("");
        counted();
        const rows = await response.text();
        // Where the newest posts are not shown, the person is brought to them.
        if (!conversation.showsEnd()) window.location.assign(form.action);
        conversation.toEnd();
        conversation.receive(rows);
        conversation.toEnd();
      } else if (response.status === 422 || response.status === 403) {
        const fragment = nodesOf(await response.text()).querySelector(".composer-errors");
        if (fragment) showErrors(fragment.innerHTML);
        else form.submit(); // the form has expired: the whole page explains it
      } else if (response.status >= 500) {
        showErrors(words.unsent);
      } else {
        form.submit(); // signed out, or refused: the whole page says why
      }
    } catch {
      showErrors(words.unsent);
    } finally {
      sending = false;
      form.removeAttribute("aria-busy");
      field.focus();
    }
  });

  const showErrors = (html) => {
    errors.replaceChildren(nodesOf(html));
    field.setAttribute("aria-invalid", String(Boolean(html)));
  };
}

/** A fresh token for the next post; `crypto.randomUUID` is missing where the site has no TLS. */
function newToken() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
