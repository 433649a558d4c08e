// Loads the script of a behaviour when it is first used.

/**
 * Connect a behaviour to `root` at the first click on a link or a button that matches `selector`: `load()` imports a module,
 * whose `connect(root, ...options)` then handles this click too. Without the module, the click has its effect on pages without
 * scripts. Return a function that disconnects it.
 */
export function connectOnDemand(root, selector, load, ...options) {
  const controller = new AbortController();
  const { signal } = controller;
  let isLoading = false;
  let disconnect = () => {};

  const onClick = async (event) => {
    const control = event.target.closest(selector);
    if (!control || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (isLoading) return;
    isLoading = true;
    const loaded = await load().catch(() => null);
    if (signal.aborted) return;
    root.removeEventListener("click", onClick);
    if (loaded) disconnect = loaded.connect(root, ...options);
    control.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail: event.detail }));
  };
  root.addEventListener("click", onClick, { signal });
  return () => {
    controller.abort();
    disconnect();
  };
}
