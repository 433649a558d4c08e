// The post in the composer that is not sent yet: { body, token, reply }. `reply` is the post that it replies to, { id, name,
// text }, or null.

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

/** Return the post that is selected in the composer `form`. */
export function selectedReply(form) {
  const [id, name, text] = parts(form);
  return id.value ? { id: id.value, name: name.textContent, text: text.textContent } : null;
}

/** Select a post to reply to in the composer `form`. */
export function showReply(form, selection) {
  const [id, name, text, preview] = parts(form);
  id.value = selection?.id ?? "";
  name.textContent = selection?.name ?? "";
  text.textContent = selection?.text ?? "";
  preview.hidden = selection === null;
}

/** Connect the composer `form` to the reply links of the page. Return a function that disconnects it. */
export function connect(form) {
  const controller = new AbortController();
  const { signal } = controller;

  const select = (selection) => {
    showReply(form, selection);
    form.dispatchEvent(new Event("input"));
    form.querySelector("textarea").focus();
  };
  const onClick = (event) => {
    const link = event.target.closest("[data-reply-link]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    const row = link.closest("[data-post]");
    const [name, text] = ["[data-name]", "[data-body]"].map((part) => row.querySelector(part).textContent);
    select({ id: row.dataset.post, name: name.trim(), text });
  };
  const onCancel = (event) => {
    event.preventDefault();
    select(null);
  };
  const onKeydown = (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && selectedReply(form)) select(null);
  };
  document.addEventListener("click", onClick, { signal });
  form.addEventListener("keydown", onKeydown, { signal });
  form.querySelector("[data-reply-cancel]").addEventListener("click", onCancel, { signal });
  return () => controller.abort();
}

function parts(form) {
  return ["[data-reply-to]", "[data-reply-name]", "[data-reply-text]", "[data-reply]"].map((part) => form.querySelector(part));
}
