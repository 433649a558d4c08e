// Saves unsent text in sessionStorage, so that it survives a reload and an expired session. Signing out deletes it, so that
// the next user of this browser cannot read it. On a shared device, the end of the session deletes it too.

const SHARED = "shared-device"; // in the storage of each tab, so that each of them notices the end of the session

/** Return whether the user has signed in on a shared device. */
export const isSharedDevice = () => "sharedDevice" in document.body.dataset;

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

const hasDrafts = () => Object.keys(sessionStorage).some((key) => key.startsWith("draft:"));

/**
 * Connect the forms in `root` that have a draft, the links that discard a text, and the sign-out forms, and show the
 * notice of the sign-in page. Return a function that disconnects them.
 */
export function connect(root) {
  const controller = new AbortController();
  const { signal } = controller;
  if (isSharedDevice()) sessionStorage.setItem(SHARED, "yes");
  else if (sessionStorage.getItem(SHARED)) sessionStorage.clear();

  for (const form of root.querySelectorAll("form[data-draft]")) {
    root.querySelector("[data-draft-notice]").hidden = !restore(form);
    form.addEventListener("input", () => saveDraft(form, isChanged(form) ? fieldsOf(form) : null), { signal });
  }
  for (const link of root.querySelectorAll("[data-discard]")) {
    link.addEventListener("click", () => saveDraft({ action: window.location.href }, null), { signal });
  }
  for (const form of root.querySelectorAll("form[action$='/logout/']")) {
    form.addEventListener("submit", () => sessionStorage.clear(), { signal });
  }
  for (const notice of root.querySelectorAll("[data-any-draft]")) notice.hidden = !hasDrafts();
  return () => controller.abort();
}

/** Fill in `form` from its draft. Return whether it shows another text than the server sent. */
function restore(form) {
  const draft = loadDraft(form) ?? {};
  for (const field of textareasOf(form)) field.value = draft[field.name] ?? field.value;
  if (!isChanged(form)) {
    // After an error, the server shows the text with newer hidden fields. Otherwise, it has been saved.
    saveDraft(form, form.querySelector("[aria-invalid=true]") ? fieldsOf(form) : null);
    return false;
  }
  for (const [name, value] of Object.entries(draft)) form.elements[name].value = value;
  return true;
}

const textareasOf = (form) => [...form.querySelectorAll("textarea")];

const isChanged = (form) => textareasOf(form).some((field) => field.value !== field.defaultValue);

function fieldsOf(form) {
  const { csrfmiddlewaretoken, ...fields } = Object.fromEntries(new FormData(form));
  return fields;
}
