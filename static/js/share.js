// Buttons that copy a text or open the share menu of the device. They are hidden where the browser cannot do it.

/** Connect the buttons in `root`. Return a function that disconnects them. */
export function connect(root) {
  const controller = new AbortController();
  const { signal } = controller;
  const status = root.querySelector("[data-copy-status]");

  const copy = async ({ dataset }) => {
    status.textContent = "";
    try {
      await navigator.clipboard.writeText(dataset.copy);
      status.textContent = status.dataset.copied;
    } catch {
      status.textContent = status.dataset.failed;
    }
  };
  // The promise is also rejected if the user closes the menu.
  const share = ({ dataset }) => navigator.share({ title: dataset.title, url: dataset.share }).catch(() => {});

  const show = (selector, action) => {
    for (const button of root.querySelectorAll(selector)) {
      button.hidden = false;
      button.addEventListener("click", () => action(button), { signal });
    }
  };
  // Only pages that were loaded over HTTPS have a clipboard.
  if (navigator.clipboard) show("[data-copy]", copy);
  if (navigator.share) show("[data-share]", share);
  return () => controller.abort();
}

connect(document);
