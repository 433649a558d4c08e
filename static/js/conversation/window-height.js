// Keeps the layout of a tall window while a touch keyboard makes it lower. A keyboard does not make it narrower.

/** Connect the page of `body`. Return a function that disconnects it. */
export function connect(body) {
  const controller = new AbortController();
  let width = 0;

  const update = () => {
    if (window.innerWidth === width) return;
    width = window.innerWidth;
    body.toggleAttribute("data-is-tall", window.matchMedia("(hover: none) and (min-height: 30rem)").matches);
  };
  update();
  window.addEventListener("resize", update, { signal: controller.signal });
  return () => controller.abort();
}
