// Requests to this site. A header marks requests of scripts, so that the server responds with a fragment.

const HEADERS = { "X-Requested-With": "fetch" };

const TIMEOUT = 30_000; // milliseconds; a request without a response would prevent the next attempt
const UPLOAD_TIMEOUT = 5 * 60_000;

/**
 * Fetch `url` past every cache; `headers` are added. Resolves to an object with the `text` of the response and with its `ok`,
 * `status`, `redirected`, `url` and `headers`, also for 304 and 4xx. Rejects if the response does not arrive as a whole.
 */
export function get(url, headers = {}) {
  return request(url, { headers: { ...HEADERS, ...headers }, cache: "no-store" });
}

/**
 * Post `fields` (an object or FormData) to `url`, and resolve as `get` does; `options` are passed to fetch. As
 * multipart/form-data only if there is a file: the server runs one such request at a time.
 */
export function post(url, fields, options = {}) {
  const isUpload = fields instanceof FormData && [...fields.values()].some((value) => value instanceof File);
  const body = isUpload ? fields : new URLSearchParams(fields);
  const headers = { ...HEADERS, "X-CSRFToken": csrfToken() };
  return request(url, { method: "POST", headers, body, ...options }, isUpload ? UPLOAD_TIMEOUT : TIMEOUT);
}

async function request(address, options, timeout = TIMEOUT) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), timeout);
  try {
    const response = await fetch(address, { credentials: "same-origin", signal: controller.signal, ...options });
    const { ok, status, redirected, url, headers } = response;
    return { ok, status, redirected, url, headers, text: await response.text() };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Post `fields` to `url` without a response, also while the page is being left. A beacon has no headers, so `beacon` and
 * the CSRF token are fields. `fetch` with `keepalive` requires Firefox 133.
 */
export function sendBeacon(url, fields) {
  navigator.sendBeacon(url, new URLSearchParams({ ...fields, beacon: "yes", csrfmiddlewaretoken: csrfToken() }));
}

function csrfToken() {
  return document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
}

/** Parse HTML that this site rendered into a DocumentFragment. */
export function parseFragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

/** Return a function that fetches the HTML of a fragment by URL. Successful responses are cached for `maxAge` milliseconds. */
export function createFragmentCache(maxAge) {
  const cache = new Map(); // { html, time } by URL
  return (url) => {
    if (!(Date.now() - cache.get(url)?.time < maxAge)) {
      const html = get(url).then((response) => {
        if (!response.ok || response.redirected) throw new Error(`${url}: status ${response.status}`);
        return response.text;
      });
      html.catch(() => cache.delete(url));
      cache.set(url, { html, time: Date.now() });
    }
    return cache.get(url).html;
  };
}
