// Reloads the conversation without its parameters, for example after the session has ended.

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
    else window.location.assign(window.location.pathname);
  };
  signal.addEventListener("abort", () => clearTimeout(timer));
  return reload;
}
