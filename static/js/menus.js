// Closes menus on Escape and on a click elsewhere. A menu is a <details> element, so it opens and closes without a script.

/** Connect the menus in `root`. Return a function that disconnects them. */
export function connect(root) {
  const controller = new AbortController();
  const { signal } = controller;
  const openMenus = () => root.querySelectorAll("[data-menu][open]");

  const onClick = (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  };
  const onKeydown = (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  };
  root.addEventListener("click", onClick, { signal });
  root.addEventListener("keydown", onKeydown, { signal });
  return () => controller.abort();
}
