// Loads the script of a behaviour when it is first used.

/**
 * Connect a behaviour to `list` at the first click on a link that matches `selector`: `load()` imports a module, whose
 * `connect(list, ...options)` then handles this click too. Return a function that disconnects it.
 */
export function connectOnDemand(list, selector, load, ...options) {
  const controller = new AbortController();
  const { signal } = controller;
  let isLoading = false;
  let disconnect = () => {};

  const onClick = async (event) => {
    const link = event.target.closest(selector);
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (isLoading) return;
    isLoading = true;
    try {
      const { connect } = await load();
      if (signal.aborted) return;
      list.removeEventListener("click", onClick);
      disconnect = connect(list, ...options);
    } catch {
      window.location.assign(link.href); // the page works without scripts
      return;
    }
    link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail: event.detail }));
  };
  list.addEventListener("click", onClick, { signal });
  return () => {
    controller.abort();
    disconnect();
  };
}
