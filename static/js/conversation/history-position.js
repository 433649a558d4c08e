// Saves the scroll position in the browser's history when the user leaves the page, so that Back returns to it. The
// address selects the posts, in case the browser loads the page again.

/** Connect the scroll `position`, and restore a saved one. Return a function that disconnects it. */
export function connect(position) {
  const controller = new AbortController();
  const { signal } = controller;

  const save = () => {
    const anchor = position.anchor();
    if (!anchor && !history.state) return;
    const state = anchor && { post: anchor.row.id, top: anchor.top };
    const parameters = new URLSearchParams(window.location.search);
    const kept = parameters.has("present") ? "&present" : "";
    history.replaceState(state, "", anchor ? `?at=${anchor.row.dataset.post}${kept}` : window.location.pathname);
  };
  const onClick = (event) => {
    if (!event.defaultPrevented && event.target.closest("a[href]")) save();
  };
  window.addEventListener("beforeunload", save, { signal });
  window.addEventListener("click", onClick, { signal }); // Safari on iPads has no `beforeunload`

  const { post, top } = history.state ?? {};
  const row = document.getElementById(post);
  if (row) position.moveTo(row, top);
  return () => controller.abort();
}
