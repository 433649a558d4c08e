// Changes the theme without reloading the page.

import { post } from "./request.js";

/** Connect the theme forms in `root`. Return a function that disconnects them. */
export function connect(root) {
  const controller = new AbortController();
  for (const form of root.querySelectorAll("[data-theme-form]")) {
    form.addEventListener(
      "submit",
      (event) => {
        event.preventDefault();
        const theme = event.submitter.value;
        applyTheme(theme);
        // Offline, the theme changes on this page only.
        post(form.action, { theme, next: "/" }, { redirect: "manual" }).catch(() => {});
      },
      { signal: controller.signal },
    );
  }
  return () => controller.abort();
}

function applyTheme(theme) {
  const root = document.documentElement;
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  document.querySelector("meta[name=color-scheme]").content = theme === "system" ? "light dark" : theme;
  for (const button of document.querySelectorAll("[data-theme-form] button")) {
    button.setAttribute("aria-pressed", String(button.value === theme));
  }
}
