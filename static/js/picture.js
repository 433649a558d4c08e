// Saves the profile when the user chooses a picture, and announces this above the form.

/** Connect `note` to its field. Return a function that disconnects it. */
export function connect(note) {
  const controller = new AbortController();
  const field = document.getElementById(note.dataset.savesPicture);
  const save = () => field.files.length && field.form.querySelector("[type=submit]").click();
  field.addEventListener("change", save, { signal: controller.signal });
  note.hidden = false;
  return () => controller.abort();
}

document.querySelectorAll("[data-saves-picture]").forEach(connect);
