// Reacts to posts without reloading the page, marks the user's own reactions, and shows the emoji in the menus of posts.

import { parseFragment, post } from "../request.js";

/**
 * Connect the reactions in `list`, which is a part of the conversation `element`. `me` is the id of the user,
 * `receive(fragment)` shows a changed post, and `onError(text)` shows why a reaction was not saved, "" if the request failed.
 * Return a function that disconnects them.
 */
export function connect(element, { list, me, receive, onError }) {
  const form = element.querySelector("[data-reaction-form]"); // null if nobody can react
  const picker = element.querySelector("[data-reaction-picker]");
  const controller = new AbortController();
  const { signal } = controller;

  /** Mark the user's own reactions, and show the emoji in open menus. */
  const update = () => {
    for (const button of list.querySelectorAll("[data-users]")) {
      setPressed(button, button.dataset.users.split(" ").includes(me));
      if (!form) button.setAttribute("aria-disabled", "true");
    }
    for (const menu of list.querySelectorAll("[data-menu][open]")) showEmoji(menu);
  };

  const showEmoji = (menu) => {
    const link = menu.querySelector("[data-react]");
    if (!link || !picker) return;
    const row = link.closest("[data-post]");
    const copy = picker.content.cloneNode(true);
    for (const button of copy.querySelectorAll("button")) {
      button.formAction = link.href;
      const shown = [...row.querySelectorAll("[data-users]")].find(({ value }) => value === button.value);
      setPressed(button, shown ? isPressed(shown) : false);
    }
    link.replaceWith(copy);
  };

  const onClick = async (event) => {
    const button = event.target.closest("[name='emoji']");
    if (!button) return;
    event.preventDefault(); // on a touch screen, the popover opens afterwards
    if (!form) return;
    const menu = button.closest("[data-menu]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    const wanted = !isPressed(button);
    setPressed(button, wanted);
    const text = await send(button, wanted);
    if (text === null) {
      button.dispatchEvent(new Event("homeroom:popover", { bubbles: true }));
    } else {
      setPressed(button, !wanted);
      onError(text);
    }
  };

  /** Send a reaction. Resolves to null, or to the reason for which it was not saved. */
  const send = async (button, wanted) => {
    try {
      const response = await post(button.formAction, { emoji: button.value, wanted });
      const fragment = parseFragment(response.text);
      if (response.redirected) return "";
      if (!response.ok) return fragment.querySelector("[data-errors]")?.textContent.trim() ?? "";
      receive(fragment);
      return null;
    } catch {
      return "";
    }
  };

  list.addEventListener("click", onClick, { signal });
  list.addEventListener("toggle", ({ target }) => target.open && showEmoji(target), { capture: true, signal });
  document.addEventListener("homeroom:changed", update, { signal });
  const observer = new MutationObserver(update);
  observer.observe(list, { childList: true });
  update();
  return () => {
    controller.abort();
    observer.disconnect();
  };
}

const isPressed = (button) => button.getAttribute("aria-pressed") === "true";

const setPressed = (button, value) => button.setAttribute("aria-pressed", String(value));
