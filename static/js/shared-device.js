// Deletes drafts on a shared device after a session has ended, and turns off autocomplete of the username.

const MARK = "shared-device"; // in the storage of each tab, so that each of them notices the end of the session

/** Return whether the user has signed in on a shared device. */
export const isSharedDevice = () => "sharedDevice" in document.body.dataset;

/** Delete drafts of an ended session, and connect the sign-in form in `root`. Return a function that disconnects it. */
export function connect(root) {
  const controller = new AbortController();
  const { signal } = controller;
  if (isSharedDevice()) sessionStorage.setItem(MARK, "yes");
  else if (sessionStorage.getItem(MARK)) sessionStorage.clear();

  for (const isShared of root.querySelectorAll("[name=shared_device]")) {
    const { username, remember_me: remember } = isShared.form.elements;
    const update = () => {
      username.autocomplete = isShared.checked ? "off" : "username";
    };
    const exclude = (event) => {
      if (event.target === isShared) remember.checked &&= !isShared.checked;
      else isShared.checked &&= !remember.checked;
      update();
    };
    for (const box of [isShared, remember]) box.addEventListener("change", exclude, { signal });
    update();
  }
  return () => controller.abort();
}
