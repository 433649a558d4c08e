// Changes the level of notifications about the room without reloading the page. There is a button for each level, in the bar
// and in the menu. The one for the current level is hidden.

import { post } from "../request.js";

/** Connect the buttons in `root`. `status` shows `text` if a request fails. Return a function that disconnects them. */
export function connect(root, { status, text }) {
  const controller = new AbortController();
  const form = root.querySelector("[data-notify]");

  const onSubmit = async (event) => {
    event.preventDefault();
    const { submitter } = event;
    const level = submitter.value;
    const response = await post(form.action, { level }).catch(() => null);
    if (response?.status !== 204) {
      status.show(text);
      return;
    }
    const buttons = [...form.elements].filter(({ name }) => name === "level");
    for (const button of buttons) button.hidden = button.value === level;
    const menu = submitter.closest("[data-menu]");
    if (menu) menu.open = false;
    const next = menu?.querySelector("summary") ?? buttons.find((button) => !button.hidden && !button.closest("[data-menu]"));
    next.focus();
  };
  form.addEventListener("submit", onSubmit, { signal: controller.signal });
  return () => controller.abort();
}
