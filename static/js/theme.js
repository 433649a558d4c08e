// Changes the theme, the text size or the spacing without reloading the page.

import { post } from "./request.js";

const DEFAULTS = { theme: "system", text_size: "100", spacing: "normal" };

/** Connect the forms for the appearance in `root`. Return a function that disconnects them. */
export function connect(root) {
  const controller = new AbortController();
  for (const form of root.querySelectorAll("[data-theme-form]")) {
    form.addEventListener(
      "submit",
      (event) => {
        event.preventDefault();
        const { name, value } = event.submitter;
        apply(name, value);
        // Offline, the appearance changes on this page only.
        post(form.action, { [name]: value, next: "/" }, { redirect: "manual" }).catch(() => {});
      },
      { signal: controller.signal },
    );
  }
  return () => controller.abort();
}

function apply(name, value) {
  const isDefault = value === DEFAULTS[name];
  const root = document.documentElement;
  const attribute = `data-${name.replace("_", "-")}`;
  if (isDefault) root.removeAttribute(attribute);
  else root.setAttribute(attribute, value);
  if (name === "theme") document.querySelector("meta[name=color-scheme]").content = isDefault ? "light dark" : value;
  for (const button of document.querySelectorAll(`[data-theme-form] [name=${name}]`)) {
    button.setAttribute("aria-pressed", String(button.value === value));
  }
}
