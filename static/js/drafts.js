// Deletes the drafts in sessionStorage when the user signs out, so that the next user of this browser cannot read them.

/** Connect the sign-out forms in `root`. Return a function that disconnects them. */
export function connect(root) {
  const controller = new AbortController();
  for (const form of root.querySelectorAll("form[action$='/logout/']")) {
    form.addEventListener("submit", () => sessionStorage.clear(), { signal: controller.signal });
  }
  return () => controller.abort();
}
