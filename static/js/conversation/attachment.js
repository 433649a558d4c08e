// The picture or file of a new post: shows a preview, scales a picture down, and accepts pictures from the clipboard.

/**
 * Create the attachment of the composer `form`, until `signal` aborts. `onError(text)` shows an error. `read()` returns the
 * fields of the form as FormData, `show(fields)` shows the attachment of fields that were not sent, and `canSend(text)` shows
 * an error for an attachment without a text.
 */
export function createAttachment(form, { onError, signal }) {
  const box = form.querySelector("[data-attachment]");
  // Attachments can be turned off in a room.
  if (!box) return { read: () => new FormData(form), show() {}, clear() {}, canSend: Boolean };
  const { attachment: input, alt } = form.elements;
  const find = (name) => box.querySelector(`[data-attachment-${name}]`);
  const preview = find("preview");
  const description = find("alt");
  const remove = find("remove");

  const setFile = (file) => {
    const transfer = new DataTransfer();
    if (file) transfer.items.add(file);
    input.files = transfer.files;
  };

  /** Load the script for pictures when it is needed. */
  const prepare = async (file) => (await import("./picture.js")).preparePicture(file, preview);

  const update = async () => {
    const [file] = input.files;
    const isPicture = Boolean(file?.type.startsWith("image/"));
    remove.hidden = !file;
    preview.hidden = description.hidden = !isPicture;
    if (!file) return;
    box.open = true;
    const prepared = isPicture ? await prepare(file) : file;
    if (input.files[0] !== file) return; // another file has been chosen in the meantime
    if (prepared !== file) setFile(prepared);
    if (prepared.size > Number(isPicture ? box.dataset.maxPicture : box.dataset.maxFile)) {
      clear();
      onError(box.dataset.tooLarge);
    }
  };

  const clear = () => {
    setFile(null);
    alt.value = "";
    box.open = false;
    update();
  };

  const show = (fields) => {
    const file = fields.get("attachment");
    if (!file?.size) return;
    setFile(file);
    alt.value = fields.get("alt");
    update();
  };

  const read = () => {
    const fields = new FormData(form);
    if (input.files.length === 0) for (const name of ["attachment", "alt"]) fields.delete(name);
    return fields;
  };

  const canSend = (text) => {
    if (!text && input.files.length > 0) onError(box.dataset.writeFirst);
    return Boolean(text);
  };

  input.addEventListener("change", update, { signal });
  remove.addEventListener("click", clear, { signal });
  find("add").addEventListener("click", () => box.open || input.files.length > 0 || input.click(), { signal });
  form.addEventListener(
    "paste",
    (event) => {
      const file = [...event.clipboardData.files].find(({ type }) => type.startsWith("image/"));
      if (!file) return;
      event.preventDefault();
      setFile(file);
      update();
    },
    { signal },
  );
  update();
  return { read, show, clear, canSend };
}
