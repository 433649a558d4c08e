// Sends posts in order, and shows them as pending until they are sent.

import { cleanText } from "../clean-text.js";
import { parseFragment, post } from "../request.js";
import { idOf, lastId, postsIn } from "./post-list.js";
import { outcomeOf } from "./rules.js";

/**
 * Create the outbox of the composer `form`, which `element`, below the posts in `list`, shows, until `signal` aborts.
 * `onPosted(fragment)` is called for each post that is sent, and `onRefused(outcome, fragment)` for one that cannot be sent
 * unchanged.
 */
export function createOutbox(form, { element, list, signal, onPosted, onRefused, onEdit }) {
  const posts = []; // { body, token, reply, fields, row, after (the newest post when it was first sent) }
  const { me } = document.body.dataset;
  const find = (name) => element.querySelector(`[data-${name}]`);
  let isSending = false;

  const update = (isUnsent) => {
    element.hidden = posts.length === 0;
    element.classList.toggle("is-unsent", isUnsent);
    find("unsent").hidden = !isUnsent;
    if (isUnsent) posts[0].row.hidden = false;
  };

  const send = async () => {
    if (isSending) return;
    isSending = true;
    form.setAttribute("aria-busy", "true");
    let isUnsent = false;
    update(isUnsent);
    while (posts.length > 0 && !isUnsent) {
      const { row } = posts[0];
      const wasReceived = row.hidden;
      posts[0].after ??= lastId(list);
      const { outcome, fragment } = await deliver(form.action, posts[0].fields);
      if (outcome === "posted") {
        posts.shift();
        row.remove();
        onPosted(fragment);
      } else if (outcome === "unsent") {
        isUnsent = wasReceived || !row.hidden;
      } else {
        onRefused(outcome, fragment);
      }
    }
    isSending = false;
    form.removeAttribute("aria-busy");
    update(isUnsent);
  };

  /**
   * Hide the post that is being sent if `list` shows it: the stream can be faster than the response. If the response was
   * lost, the post is sent again, and its token prevents a second one.
   */
  const onChanged = () => {
    if (posts.length === 0) return;
    const { row, after, body } = posts[0];
    const text = cleanText(body);
    const isSame = (shown) => shown.dataset.author === me && shown.querySelector("[data-body]")?.textContent.trim() === text;
    row.hidden = postsIn(list).some((shown) => idOf(shown) > after && isSame(shown));
    if (row.hidden) send();
  };

  const outbox = {
    posts,

    /** Send `unsent`, a post, after those that were submitted before. */
    push(unsent) {
      const row = find("pending-post").content.firstElementChild.cloneNode(true);
      row.querySelector("[data-body]").textContent = unsent.body;
      find("pending-posts").append(row);
      posts.push({ ...unsent, row });
      send();
    },

    /** Remove and return all posts. */
    takeAll() {
      const taken = posts.splice(0);
      for (const { row } of taken) row.remove();
      update(false);
      return taken;
    },
  };

  document.addEventListener("homeroom:changed", onChanged, { signal });
  find("try-again").addEventListener("click", send, { signal });
  find("edit-unsent").addEventListener("click", () => onEdit(), { signal });
  return outbox;
}

async function deliver(url, fields) {
  try {
    const response = await post(url, fields);
    const fragment = parseFragment(response.text);
    const outcome = outcomeOf(response);
    // Without a reason, the user can only try again.
    const isUnexplained = outcome === "refused" && !fragment.querySelector("[data-errors] p");
    return { outcome: isUnexplained ? "unsent" : outcome, fragment };
  } catch {
    return { outcome: "unsent" };
  }
}
