// Places an element in the top layer next to another element, inside the window.

const GAP = 8; // pixels between the two, room for the arrow
const MARGIN = 8; // pixels between the element and the edge of the window

/**
 * Place `tip` above or below `anchor`, where there is more room if it does not fit above. Return false if `anchor` is
 * scrolled out of view.
 */
export function place(tip, anchor) {
  const frame = (anchor.closest("[data-scroll]") ?? document.documentElement).getBoundingClientRect();
  // A name that wraps has several boxes; the first one is where it starts.
  const name = anchor.getClientRects()[0];
  const view = { width: document.documentElement.clientWidth, height: window.innerHeight };
  if (!name || name.bottom < Math.max(frame.top, 0) || name.top > Math.min(frame.bottom, view.height)) return false;

  const { width, height } = tip.getBoundingClientRect();
  const roomAbove = name.top - GAP - MARGIN;
  const roomBelow = view.height - name.bottom - GAP - MARGIN;
  const isAbove = roomAbove >= height || roomAbove >= roomBelow;
  const top = isAbove ? name.top - GAP - height : name.bottom + GAP;
  const centre = name.left + name.width / 2;
  const left = within(centre - width / 2, MARGIN, view.width - width - MARGIN);
  tip.dataset.side = isAbove ? "above" : "below";
  tip.style.top = `${within(top, MARGIN, view.height - height - MARGIN)}px`;
  tip.style.left = `${left}px`;
  tip.style.setProperty("--arrow", `${within(centre - left, 20, width - 20)}px`);
  return true;
}

function within(value, least, most) {
  return Math.max(least, Math.min(value, most));
}
