// The rows of the conversation: posts and day separators.

import { groupRows, insertionIndex } from "./rules.js";
import { updateNode } from "../update-node.js";

const ROOM = "room"; // the name in a post that mentions all members

/** Return the posts in `list`, oldest first. */
export const postsIn = (list) => [...list.querySelectorAll("[data-post]")];

/** Return whether the post in `row` has been removed. */
export const isRemoved = (row) => row.querySelector("[data-removed]") !== null;

/** Return the posts in `list` by other users than `me` that have not been removed. */
export const othersIn = (list, me) =>
  postsIn(list).filter((row) => row.dataset.author !== me && !isRemoved(row));

/** Return the id of the post in `row`. */
export const idOf = (row) => Number(row.dataset.post);

/** Return the id of the newest post in `list`, or 0. */
export const lastId = (list) => Math.max(0, ...postsIn(list).slice(-1).map(idOf));

/** Insert the posts of `fragment` by id, or update them. Return the rows that were inserted. */
export function mergePosts(list, fragment, showsEnd) {
  const inserted = [];
  let separator = null;
  for (const row of [...fragment.children]) {
    if (row.dataset.day) separator = row;
    if (!row.dataset.post) continue;
    const existing = document.getElementById(row.id);
    if (existing) {
      if (existing.hidden && !row.hidden && separator) existing.before(separator.cloneNode(true));
      updateNode(existing, row);
    }
    if (!existing && insertPost(list, row, separator, showsEnd)) inserted.push(row);
  }
  updateSeparators(list);
  return inserted;
}

function insertPost(list, row, separator, showsEnd) {
  const posts = postsIn(list);
  const hasOlder = list.querySelector("[data-older]") !== null;
  const index = insertionIndex(posts.map(idOf), idOf(row), { hasOlder, showsEnd });
  if (index === null) return false;
  let next = posts[index] ?? null;
  if (next?.previousElementSibling?.dataset.day) next = next.previousElementSibling;
  if (separator) list.insertBefore(separator.cloneNode(true), next);
  list.insertBefore(row, next);
  return true;
}

/**
 * Mark the viewer's own posts in a fragment that is the same for all viewers. `names` lists the usernames that each post
 * mentions, `viewer` is { id, name, canModerate }.
 */
export function personalize(fragment, names, viewer) {
  for (const row of fragment.querySelectorAll("[data-post]")) {
    const isMine = row.dataset.author === viewer.id;
    row.classList.toggle("is-mine", isMine);
    row.classList.toggle("is-removable", isMine || viewer.canModerate);
    const mentions = names[row.dataset.post] ?? [];
    row.classList.toggle("is-for-me", mentions.includes(viewer.name) || mentions.includes(ROOM));
  }
}

/** Remove repeated day separators from `list`, hide those of days without visible posts, and mark the posts that continue the previous one. */
export function updateSeparators(list) {
  const rows = [...list.children];
  groupRows(rows.map(describe)).forEach(({ isRepeated, isEmpty, continues }, index) => {
    const row = rows[index];
    if (isRepeated) row.remove();
    else if (row.dataset.day) row.hidden = isEmpty;
    else if (row.dataset.post) row.classList.toggle("is-continued", continues);
  });
}

function describe(row) {
  if (row.dataset.day) return { day: row.dataset.day };
  if (!row.dataset.post) return {};
  return {
    post: {
      author: row.dataset.author,
      time: Date.parse(row.querySelector("time")?.dateTime ?? ""),
      isReply: row.querySelector("[data-quote]") !== null,
      isRemoved: row.querySelector("[data-removed]") !== null,
      isHidden: row.hidden,
    },
  };
}
