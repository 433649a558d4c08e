// The post in the composer that is not sent yet: { body, token, reply }.

import { selectedReply, showReply } from "./reply.js";

/** Return the post in the composer `form`. */
export function readPost(form) {
  const { body, token } = form.elements;
  return { body: body.value, token: token.value, reply: selectedReply(form) };
}

/** Show a post in the composer `form`. */
export function showPost(form, { body, token, reply }) {
  form.elements.body.value = body;
  form.elements.token.value = token;
  showReply(form, reply);
  form.elements.body.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Merge `posts`, in order, into one with all texts. It replies to the post that was selected last. */
export function mergeUnsent(posts) {
  return {
    body: posts
      .map(({ body }) => body)
      .filter((body) => body.trim())
      .join("\n"),
    token: posts[0].token,
    reply: posts.map(({ reply }) => reply).filter(Boolean).at(-1) ?? null,
  };
}

/** Return a random UUID. `crypto.randomUUID` does not exist on pages without TLS. */
export function createToken() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
