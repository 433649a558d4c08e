// The text field of a post: it becomes as high as its text, and shows how many characters can still be typed. The stylesheet
// limits it to five lines.

import { remainingCharacters } from "./rules.js";

/** Connect the text field of `form`. Return a function that disconnects it. */
export function connect(form) {
  const controller = new AbortController();
  const { signal } = controller;
  const field = form.querySelector("textarea");
  const counter = form.querySelector("[data-count]");

  const grow = () => {
    field.style.blockSize = "auto"; // otherwise the field never becomes smaller
    const borders = field.offsetHeight - field.clientHeight;
    field.style.blockSize = `${field.scrollHeight + borders}px`;
  };
  const count = () => {
    const { left, isShown, isOver } = remainingCharacters(field.value, Number(form.dataset.limit));
    counter.textContent = isShown ? left : "";
    counter.classList.toggle("is-over", isOver);
  };
  const update = () => {
    count();
    grow();
  };
  field.rows = 1; // the server shows more rows for pages without scripts
  update();
  form.addEventListener("input", update, { signal });
  window.addEventListener("resize", grow, { signal });
  return () => controller.abort();
}
