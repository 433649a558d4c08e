// Requests to this site, marked as a script's so that the server answers with a fragment.

const MARK = { "X-Requested-With": "fetch" };

/** Fetch `url` past every cache; `headers` are added. Resolves to the Response, also for 304 and 4xx. */
export function get(url, headers = {}) {
  return fetch(url, { headers: { ...MARK, ...headers }, cache: "no-store", credentials: "same-origin" });
}

/** Post `fields` (an object or FormData) to `url`; `options` go to fetch. */
export function post(url, fields, options = {}) {
  const body = fields instanceof FormData ? fields : new URLSearchParams(fields);
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  return fetch(url, {
    method: "POST",
    headers: { ...MARK, "X-CSRFToken": token },
    body,
    credentials: "same-origin",
    ...options,
  });
}

/** Turn a fragment that this site rendered into nodes. */
export function nodesOf(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

/**
 * Call `task` every `seconds` while somebody looks at the page, and at once when they come back to it.
 * Once it resolves to false, only coming back calls it again. Returns a function that calls it now.
 */
export function whileVisible(seconds, task) {
  let timer = 0;
  let running = false;
  let again = false;
  const run = async () => {
    clearTimeout(timer);
    if (document.hidden) return;
    again = running;
    if (running) return;
    running = true;
    let goOn = true;
    try {
      goOn = (await task()) !== false;
    } finally {
      running = false;
      clearTimeout(timer);
      if (again) run();
      else if (goOn) timer = setTimeout(run, seconds * 1000);
    }
  };
  document.addEventListener("visibilitychange", run);
  window.addEventListener("online", run);
  timer = setTimeout(run, seconds * 1000);
  return run;
}
