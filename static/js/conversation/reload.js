// Reloads the conversation at its newest posts, for example after the session has ended.

/** Reload the conversation without the parameters that select posts. */
export function reloadPage() {
  const { pathname, search } = window.location;
  window.location.assign(new URLSearchParams(search).has("present") ? `${pathname}?present` : pathname);
}

const SUBMIT_MS = 10_000; // milliseconds in which a submitted form loads its own page

/**
 * Return a function that reloads the conversation, until `signal` aborts. It waits while a form, such as the sign-out
 * form, is being submitted.
 */
export function createReload(signal) {
  let submittedAt = 0;
  let timer = 0;

  const onSubmit = (event) => {
    if (!event.defaultPrevented) submittedAt = Date.now();
  };
  const onShow = () => {
    submittedAt = 0;
  };
  document.addEventListener("submit", onSubmit, { signal });
  window.addEventListener("pageshow", onShow, { signal });

  const reload = () => {
    clearTimeout(timer);
    const remaining = submittedAt + SUBMIT_MS - Date.now();
    if (remaining > 0) timer = setTimeout(reload, remaining);
    else reloadPage();
  };
  signal.addEventListener("abort", () => clearTimeout(timer));
  return reload;
}
