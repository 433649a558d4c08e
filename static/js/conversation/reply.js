// Selects the post that the composer replies to.

/** Connect the composer `form` to the reply links of the page. `cancel` removes the selection. */
export function connect(form) {
  const controller = new AbortController();
  const { signal } = controller;
  const field = form.querySelector("textarea");
  const preview = form.querySelector("[data-reply]");
  const input = form.querySelector("[data-reply-to]");

  const select = (row) => {
    const name = row.querySelector(".name-user") ?? row.querySelector(".name");
    input.value = row.dataset.post;
    preview.querySelector("[data-reply-name]").textContent = name.textContent.replace(/^@/, "");
    preview.querySelector("[data-reply-text]").textContent = row.querySelector(".post-body").textContent;
    preview.hidden = false;
    field.focus();
  };
  const cancel = () => {
    input.value = "";
    preview.hidden = true;
  };
  const onClick = (event) => {
    const link = event.target.closest(".act-reply");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    select(link.closest("[data-post]"));
  };
  const onCancel = (event) => {
    event.preventDefault();
    cancel();
    field.focus();
  };
  document.addEventListener("click", onClick, { signal });
  form.querySelector("[data-reply-cancel]").addEventListener("click", onCancel, { signal });
  return { cancel, disconnect: () => controller.abort() };
}
