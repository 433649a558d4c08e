// Requests to this site. A header marks requests of scripts, so that the server responds with a fragment.

const HEADERS = { "X-Requested-With": "fetch" };

const TIMEOUT = 30_000; // milliseconds; a request without a response would prevent the next attempt

/** Fetch `url` past every cache; `headers` are added. Resolves to the Response, also for 304 and 4xx. */
export function get(url, headers = {}) {
  return request(url, { headers: { ...HEADERS, ...headers }, cache: "no-store" });
}

/** Post `fields` (an object or FormData) to `url`; `options` are passed to fetch. */
export function post(url, fields, options = {}) {
  const body = fields instanceof FormData ? fields : new URLSearchParams(fields);
  return request(url, { method: "POST", headers: { ...HEADERS, "X-CSRFToken": csrfToken() }, body, ...options });
}

function request(url, options) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), TIMEOUT);
  return fetch(url, { credentials: "same-origin", signal: controller.signal, ...options });
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

/** Return a function that fetches the HTML of a fragment by URL, once for each URL. Failed requests are not cached. */
export function createFragmentCache() {
  const cache = new Map();
  return (url) => {
    if (!cache.has(url)) {
      const html = get(url).then((response) => {
        if (!response.ok || response.redirected) throw new Error(`${url}: status ${response.status}`);
        return response.text();
      });
      html.catch(() => cache.delete(url));
      cache.set(url, html);
    }
    return cache.get(url);
  };
}
