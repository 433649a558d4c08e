// Makes the cards of a class list, one batch after the other, and prints them.

import { parseFragment, post } from "./request.js";

/** Connect the form that makes cards, and the buttons that print. Return a function that disconnects them. */
export function connect(root) {
  const controller = new AbortController();
  const { signal } = controller;
  const form = root.querySelector("[data-cards-form]");
  const printButtons = [...root.querySelectorAll("[data-print]")];

  const showPrintButtons = () => printButtons.forEach((button) => (button.hidden = false));
  for (const button of printButtons) button.addEventListener("click", () => window.print(), { signal });
  // Without cards, there is nothing to print.
  if (root.querySelector("[data-card]")) showPrintButtons();
  form?.addEventListener(
    "submit",
    (event) => {
      event.preventDefault();
      makeCards(root, form).then(showPrintButtons);
    },
    { signal },
  );
  return () => controller.abort();
}

/** Request batches until all cards are made, or one fails. The form then requests the batch that is missing. */
async function makeCards(root, form) {
  const button = form.querySelector("button");
  const error = root.querySelector("[data-cards-error]");
  button.disabled = true;
  error.hidden = true;
  try {
    while (form.elements.after.value) form.elements.after.value = await makeBatch(root, form);
    form.remove();
  } catch {
    error.hidden = false;
    button.disabled = false;
  }
}

/** Show the next batch. Resolves to the id after which the following one starts, "" after the last one. */
async function makeBatch(root, form) {
  const response = await post(form.action, { after: form.elements.after.value });
  if (!response.ok || response.redirected) throw new Error(`status ${response.status}`);
  const cards = parseFragment(response.text).querySelector("[data-cards]");
  const { after, done, total } = cards.dataset;
  root.querySelector("[data-cards]").append(...cards.children);
  const progress = root.querySelector("[data-progress]");
  progress.hidden = false;
  progress.querySelector("progress").value = done;
  progress.querySelector("[data-progress-done]").textContent = done;
  progress.querySelector("[data-progress-total]").textContent = total;
  return after;
}

connect(document);
