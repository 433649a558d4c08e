// Shows how many characters can still be typed.

import { remainingCharacters } from "./rules.js";

/** Connect the counter of the composer `form`. Return a function that disconnects it. */
export function connect(form) {
  const controller = new AbortController();
  const field = form.querySelector("textarea");
  const counter = form.querySelector("[data-count]");

  const update = () => {
    const { left, isShown, isOver } = remainingCharacters(field.value, Number(form.dataset.limit));
    counter.textContent = isShown ? left : "";
    counter.classList.toggle("is-over", isOver);
  };
  update();
  form.addEventListener("input", update, { signal: controller.signal });
  return () => controller.abort();
}
