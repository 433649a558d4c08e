// Moves the focus to the first error, and prevents a double click or a held Enter key from submitting a form twice.
// A form that was submitted can be submitted again, because the browser does not report that the user has pressed Stop.

/** Connect the forms in `root`, a document. Return a function that disconnects them. */
export function connect(root) {
  const controller = new AbortController();
  const { signal } = controller;
  root.querySelector("[data-focus]")?.focus();

  const onClick = (event) => {
    if (event.detail > 1 && event.target.closest("[type=submit]")) event.preventDefault();
  };
  const onKeydown = (event) => {
    if (event.key === "Enter" && event.repeat && event.target.matches("input, button")) event.preventDefault();
  };
  root.addEventListener("click", onClick, { signal });
  root.addEventListener("keydown", onKeydown, { signal });
  return () => controller.abort();
}
