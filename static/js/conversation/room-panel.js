// Opens the panel about the room over the conversation, in windows that are not wide enough to show it beside it.

/** Connect the link in `root` that opens `panel`. Return a function that disconnects it. */
export function connect(root, panel) {
  const controller = new AbortController();
  const { signal } = controller;
  const link = root.querySelector("[data-panel-link]");
  const isOpen = () => link.hasAttribute("aria-expanded");

  const open = () => {
    panel.classList.add("is-open");
    link.setAttribute("aria-expanded", "true");
    panel.focus();
  };
  const close = () => {
    panel.classList.remove("is-open");
    link.removeAttribute("aria-expanded");
  };
  const onClick = (event) => {
    const canOpen = getComputedStyle(panel).display === "none" && window.matchMedia("(min-width: 48rem)").matches;
    if (event.metaKey || event.ctrlKey || event.shiftKey || !(isOpen() || canOpen)) return;
    event.preventDefault();
    if (isOpen()) close();
    else open();
  };
  const onKeydown = (event) => {
    if (event.key !== "Escape" || !isOpen()) return;
    close();
    link.focus();
  };
  const onClickElsewhere = ({ target }) => {
    if (isOpen() && !panel.contains(target) && !link.contains(target)) close();
  };
  link.addEventListener("click", onClick, { signal });
  document.addEventListener("keydown", onKeydown, { signal });
  document.addEventListener("click", onClickElsewhere, { signal });
  return () => controller.abort();
}
