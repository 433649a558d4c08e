// Suggests people while the user types a mention: a combobox whose list the server renders.

import { completedMention, mentionAt, movedOption } from "./mentions.js";
import { createFragmentCache, parseFragment } from "./request.js";

const WAIT = 100; // milliseconds, so that a fast typist does not request each letter

/** Connect `field`, a textarea, to the listbox `list`, whose `data-people` is a URL. Return a function that disconnects it. */
export function connect(field, list) {
  const controller = new AbortController();
  const { signal } = controller;
  const fetchFragment = createFragmentCache();
  let mention = null; // the one whose suggestions are shown or requested
  let active = -1;
  let timer = 0;

  const options = () => [...list.children];

  const activate = (index) => {
    active = index;
    options().forEach((option, number) => option.setAttribute("aria-selected", String(number === index)));
    const option = options()[index];
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  };

  const close = () => {
    clearTimeout(timer);
    mention = null;
    list.hidden = true;
    list.replaceChildren();
    field.removeAttribute("role");
    field.removeAttribute("aria-expanded");
    activate(-1);
  };

  const show = async (wanted) => {
    const html = await fetchFragment(`${list.dataset.people}?q=${encodeURIComponent(wanted.query)}`).catch(() => "");
    if (mention !== wanted) return;
    list.replaceChildren(...parseFragment(html).children);
    if (list.children.length === 0) return close();
    list.hidden = false;
    // Only meanwhile, because ARIA has no combobox with several lines.
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-expanded", "true");
    // The Enter key sends a name that is complete.
    activate(options()[0].dataset.name.toLowerCase() === wanted.query.toLowerCase() ? -1 : 0);
  };

  const update = () => {
    clearTimeout(timer);
    const { value, selectionStart, selectionEnd } = field;
    mention = selectionStart === selectionEnd ? mentionAt(value, selectionEnd) : null;
    if (mention) timer = setTimeout(show, WAIT, mention);
    else close();
  };

  const choose = (option) => {
    const { start } = mention;
    const text = completedMention(option.dataset.name, field.value, field.selectionEnd);
    close();
    field.setRangeText(text, start, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const onKeydown = (event) => {
    if (list.hidden || event.isComposing || event.keyCode === 229) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") activate(movedOption(event.key, active, options().length));
    else if (event.key === "Escape") close();
    else if (["Enter", "Tab"].includes(event.key) && !event.shiftKey && active >= 0) choose(options()[active]);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation(); // not a post, and not the end of a reply or an edit
  };

  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  close();
  field.addEventListener("input", update, { signal });
  field.addEventListener("keydown", onKeydown, { capture: true, signal }); // before the other parts that use its keys
  field.addEventListener("blur", close, { signal });
  field.addEventListener("click", update, { signal }); // the caret has moved
  list.addEventListener("mousedown", (event) => event.preventDefault(), { signal }); // the field keeps the focus
  list.addEventListener("click", (event) => choose(event.target.closest("[data-name]")), { signal });
  return () => controller.abort();
}
