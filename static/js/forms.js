// Forms: the eye goes to what is wrong; the look changes without a new page; reading marks read.

import { post } from "./request.js";

export function startForms() {
  document.querySelector("[data-focus]")?.focus();

  for (const form of document.querySelectorAll("[data-theme-form]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const chosen = event.submitter.value;
      applyTheme(chosen);
      // Offline, the choice lasts as long as this page.
      post(form.action, { theme: chosen, next: "/" }, { redirect: "manual" }).catch(() => {});
    });
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-marks-read]");
    const line = link?.closest("[data-notification]");
    if (line?.classList.contains("is-unread")) {
      post(link.dataset.url, { notification: line.dataset.notification }, { keepalive: true }).catch(() => {});
    }
  });

  // A form that is on its way is not sent again by a second click; coming back to the page frees it.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form.calm") || event.defaultPrevented) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form.calm[data-sent]")) delete form.dataset.sent;
  });

  // What was typed and not sent belongs to whoever typed it, not to who signs in next.
  for (const form of document.querySelectorAll("form[action$='/logout/']")) {
    form.addEventListener("submit", () => sessionStorage.clear());
  }
}

function applyTheme(chosen) {
  const root = document.documentElement;
  if (chosen === "system") delete root.dataset.theme;
  else root.dataset.theme = chosen;
  document.querySelector("meta[name=color-scheme]").content = chosen === "system" ? "light dark" : chosen;
  for (const button of document.querySelectorAll("[data-theme-form] button")) {
    button.setAttribute("aria-pressed", String(button.value === chosen));
  }
}
