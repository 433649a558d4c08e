// Moves the focus to the first error, and prevents a double click from submitting a form twice.

/** Connect the forms in `root`, a document. Return a function that disconnects them. */
export function connect(root) {
  const controller = new AbortController();
  const { signal } = controller;
  root.querySelector("[data-focus]")?.focus();

  const onSubmit = (event) => {
    const form = event.target;
    if (!form.matches("form.calm") || event.defaultPrevented) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  };
  // The browser can restore the page from its cache after the back button.
  const onShow = () => {
    for (const form of root.querySelectorAll("form.calm[data-sent]")) delete form.dataset.sent;
  };
  root.addEventListener("submit", onSubmit, { signal });
  window.addEventListener("pageshow", onShow, { signal });
  return () => controller.abort();
}
