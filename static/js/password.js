// Marks the rules that a new password meets while the user types, and shows passwords on request.

import { isLongEnough, isSimilar } from "./password-rules.js";

const NAMES = "[name=username], [name=first_name], [name=email], #username";

/** Connect the list of rules, `list`, to its password. Return a function that disconnects it. */
export function connect(list) {
  const controller = new AbortController();
  const { signal } = controller;
  const password = document.getElementById(list.dataset.passwordRules);
  const { form } = password;

  const update = () => {
    const names = [...form.querySelectorAll(NAMES)].map((field) => field.value);
    const met = { length: isLongEnough(password.value), names: password.value && !isSimilar(password.value, names) };
    for (const rule of list.children) {
      const isMet = Boolean(met[rule.dataset.rule]);
      rule.toggleAttribute("data-met", isMet);
      rule.lastElementChild.hidden = !isMet;
    }
  };
  form.addEventListener("input", update, { signal });
  update();

  const show = form.querySelector("[data-show-passwords]");
  const showPasswords = (isShown) => {
    for (const field of form.querySelectorAll("[autocomplete=new-password]")) field.type = isShown ? "text" : "password";
  };
  show.hidden = false;
  show.addEventListener("change", (event) => showPasswords(event.target.checked), { signal });
  // Browsers save texts for autocompletion, but not passwords.
  form.addEventListener("submit", () => showPasswords(false), { signal });
  return () => controller.abort();
}

document.querySelectorAll("[data-password-rules]").forEach(connect);
