// Makes the text field of the composer as high as its text. The stylesheet limits it to five lines.

/** Connect `field`, a textarea. Return a function that disconnects it. */
export function connect(field) {
  const controller = new AbortController();
  const { signal } = controller;

  const update = () => {
    field.style.blockSize = "auto"; // otherwise the field never becomes smaller
    const borders = field.offsetHeight - field.clientHeight;
    field.style.blockSize = `${field.scrollHeight + borders}px`;
  };
  field.rows = 1; // the server shows more rows for pages without scripts
  update();
  field.addEventListener("input", update, { signal });
  window.addEventListener("resize", update, { signal });
  return () => controller.abort();
}
