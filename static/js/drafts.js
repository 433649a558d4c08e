// Saves unsent text in sessionStorage, so that it survives a reload and an expired session. Signing out deletes it, so that
// the next user of this browser cannot read it.

/** Return the key of the draft of `form`, which is different for each user. */
const keyOf = (form) => `draft:${document.body.dataset.me}:${new URL(form.action).pathname}`;

/** Return the draft of `form`, or null. */
export function loadDraft(form) {
  return JSON.parse(sessionStorage.getItem(keyOf(form)));
}

/** Save `draft` (an object, or null for none) of `form`. */
export function saveDraft(form, draft) {
  if (draft === null) {
    sessionStorage.removeItem(keyOf(form));
    return;
  }
  try {
    sessionStorage.setItem(keyOf(form), JSON.stringify(draft));
  } catch {
    // The text is too long for the storage of the browser.
  }
}

/** Connect the sign-out forms and the link that discards a text in `root`. Return a function that disconnects them. */
export function connect(root) {
  const controller = new AbortController();
  const discardLink = root.querySelector("[data-discard]");
  discardLink?.addEventListener("click", () => saveDraft({ action: window.location.href }, null), { signal: controller.signal });
  for (const form of root.querySelectorAll("form[action$='/logout/']")) {
    form.addEventListener("submit", () => sessionStorage.clear(), { signal: controller.signal });
  }
  return () => controller.abort();
}
