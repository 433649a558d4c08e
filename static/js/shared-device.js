// Turns off autocomplete of the username if the user signs in on a shared device, which excludes "Remember me".

/** Connect the box `isShared`, "This is a shared device". Return a function that disconnects it. */
export function connect(isShared) {
  const controller = new AbortController();
  const { username, remember_me: remember } = isShared.form.elements;
  const update = () => {
    username.autocomplete = isShared.checked ? "off" : "username";
  };
  const exclude = (event) => {
    if (event.target === isShared) remember.checked &&= !isShared.checked;
    else isShared.checked &&= !remember.checked;
    update();
  };
  for (const box of [isShared, remember]) box.addEventListener("change", exclude, { signal: controller.signal });
  update();
  return () => controller.abort();
}

document.querySelectorAll("[name=shared_device]").forEach(connect);
