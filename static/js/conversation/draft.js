// Saves the text of the composer in sessionStorage, and counts its characters.

import { remainingCharacters } from "./rules.js";

/** Connect the composer `form`. Return a function that disconnects it. */
export function connect(form) {
  const controller = new AbortController();
  const field = form.querySelector("textarea");
  const counter = form.querySelector("[data-count]");
  const limit = Number(form.dataset.limit);
  const key = `draft:${form.dataset.user}:${form.getAttribute("action")}`;

  const update = () => {
    const { left, isShown, isOver } = remainingCharacters(field.value, limit);
    counter.textContent = isShown ? left : "";
    counter.classList.toggle("is-over", isOver);
    sessionStorage.setItem(key, field.value);
  };
  if (!field.value) field.value = sessionStorage.getItem(key) ?? "";
  update();
  field.addEventListener("input", update, { signal: controller.signal });
  return () => controller.abort();
}
