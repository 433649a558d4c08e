// A short message above the composer, such as "Link copied".

const SHOWN_MS = 4000; // milliseconds

/** Create the message in `element`, until `signal` aborts. Return `show`. */
export function createStatus(element, signal) {
  let timer = 0;
  const hide = () => {
    element.hidden = true;
    element.replaceChildren();
  };
  signal.addEventListener("abort", () => clearTimeout(timer));
  return {
    show(text) {
      const part = document.createElement("span");
      part.className = "btn btn-primary rounded-pill shadow pe-auto";
      part.textContent = text;
      element.replaceChildren(part);
      element.hidden = false;
      clearTimeout(timer);
      timer = setTimeout(hide, SHOWN_MS);
    },
  };
}
