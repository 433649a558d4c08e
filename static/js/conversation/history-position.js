// Saves the scroll position in the browser's history when the user follows a link, so that Back returns to it. The
// address selects the posts, in case the browser loads the page again.

/** Connect the scroll `position`, and restore a saved one. Return a function that disconnects it. */
export function connect(position) {
  const controller = new AbortController();

  const onClick = (event) => {
    if (event.defaultPrevented || !event.target.closest("a[href]")) return;
    const anchor = position.anchor();
    const state = anchor && { post: anchor.row.id, top: anchor.top };
    history.replaceState(state, "", anchor ? `?at=${anchor.row.dataset.post}` : window.location.pathname);
  };
  window.addEventListener("click", onClick, { signal: controller.signal });

  const { post, top } = history.state ?? {};
  const row = document.getElementById(post);
  if (row) position.moveTo(row, top);
  return () => controller.abort();
}
