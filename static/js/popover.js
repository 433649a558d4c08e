// Who somebody is, on hover, focus and tap. The server decides what this viewer may see; it is fetched once.
// Hoverable, dismissible with Escape, and lasting: WCAG 2.2, criterion 1.4.13.

import { get, nodesOf } from "./request.js";

const OPEN_AFTER = 300; // milliseconds: passing over a name is not asking
const CLOSE_AFTER = 250; // milliseconds: time to move into the popover

export function startPopovers() {
  if (!window.bootstrap) return;
  const fragments = new Map();
  let shown = null;
  let wanted = null;
  let timer = 0;

  const fragmentOf = (url) => {
    if (!fragments.has(url)) {
      const asked = get(url).then((answer) => {
        if (!answer.ok || answer.redirected) throw new Error(`popover answered ${answer.status}`);
        return answer.text();
      });
      asked.catch(() => fragments.delete(url));
      fragments.set(url, asked);
    }
    return fragments.get(url);
  };

  const hide = () => {
    clearTimeout(timer);
    wanted = null;
    shown?.popover.dispose();
    shown = null;
  };

  const show = async (name) => {
    clearTimeout(timer);
    wanted = name;
    if (shown?.name === name) return;
    let html;
    try {
      html = await fragmentOf(name.dataset.popover);
    } catch {
      return; // the name is a link to the profile still
    }
    if (wanted !== name || !name.isConnected) return;
    shown?.popover.dispose();
    const content = document.createElement("div");
    content.append(nodesOf(html));
    const popover = new window.bootstrap.Popover(name, {
      content,
      html: true,
      trigger: "manual",
      placement: "auto",
      fallbackPlacements: ["top", "bottom"],
      container: "#main", // inside a landmark, as everything that is read
      animation: false,
    });
    popover.show();
    shown = { name, popover, tip: document.getElementById(name.getAttribute("aria-describedby")) };
  };

  const later = (task, delay) => {
    clearTimeout(timer);
    timer = setTimeout(task, delay);
  };
  const nameAt = (event) => (event.target instanceof Element ? event.target.closest("[data-popover]") : null);
  const inTip = (node) => shown?.tip && node instanceof Node && shown.tip.contains(node);

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const name = nameAt(event);
    if (name) {
      wanted = name;
      later(() => show(name), OPEN_AFTER);
    } else if (inTip(event.target)) {
      clearTimeout(timer);
    } else if (wanted) {
      later(hide, CLOSE_AFTER);
    }
  });
  document.addEventListener("focusin", (event) => {
    const name = nameAt(event);
    if (name?.matches(":focus-visible")) show(name);
    else if (wanted && !inTip(event.target) && event.target !== wanted) hide();
  });

  let touched = false;
  document.addEventListener("pointerdown", (event) => {
    touched = event.pointerType === "touch";
    if (shown && !inTip(event.target) && nameAt(event) !== shown.name) hide();
  });
  document.addEventListener("click", (event) => {
    const name = nameAt(event);
    if (!name || !touched || event.metaKey || event.ctrlKey) return;
    if (shown?.name === name) return; // the second tap follows the link
    event.preventDefault();
    show(name);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && shown) {
      event.stopPropagation();
      hide();
    }
  });
}
