// Ends the presentation of a room with the Escape key.

/** Connect `link`, which ends the presentation. Return a function that disconnects it. */
export function connect(link) {
  const controller = new AbortController();
  const onKeydown = ({ key }) => key === "Escape" && link.click();
  document.addEventListener("keydown", onKeydown, { signal: controller.signal });
  return () => controller.abort();
}

document.querySelectorAll("[data-stop-presenting]").forEach(connect);
