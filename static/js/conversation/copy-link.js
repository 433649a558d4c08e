// Copies the address of a post. Without a clipboard, which only pages loaded over HTTPS have, the link opens the post.

/** Connect the links in `root`. `status` shows `text` when a link was copied. Return a function that disconnects them. */
export function connect(root, { status, text }) {
  const controller = new AbortController();
  const onClick = async (event) => {
    const link = event.target.closest("[data-copy-link]");
    if (!link || !navigator.clipboard) return;
    event.preventDefault();
    const menu = link.closest("[data-menu]");
    menu.open = false;
    menu.querySelector("summary").focus();
    await navigator.clipboard.writeText(link.href);
    status.show(text);
  };
  root.addEventListener("click", onClick, { signal: controller.signal });
  return () => controller.abort();
}
