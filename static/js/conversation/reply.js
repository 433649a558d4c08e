// Selects the post that the composer replies to. A selection is { id, name, text }, or null.

/** Return the selection of the composer `form`. */
export function selectedReply(form) {
  const [id, name, text] = parts(form);
  return id.value ? { id: id.value, name: name.textContent, text: text.textContent } : null;
}

/** Show `selection` in the composer `form`. */
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
