// Places an element of fixed position next to another element, inside the window.

const GAP = 8; // pixels between the two, room for the arrow
const MARGIN = 8; // pixels between the element and the edge of the window
const ARROW = 20; // pixels between the arrow and a corner of the element

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

  const { side, top, left, arrow } = placement(name, tip.getBoundingClientRect(), view);
  tip.dataset.side = side;
  tip.style.top = `${top}px`;
  tip.style.left = `${left}px`;
  tip.style.setProperty("--arrow", `${arrow}px`);
  return true;
}

/**
 * Return the `side` of the box `name` on which an element of `width` × `height` is placed in a window of the size
 * `view`, its `top` and `left`, and the distance of its `arrow` from its left edge, in pixels.
 */
export function placement(name, { width, height }, view) {
  const roomAbove = name.top - GAP - MARGIN;
  const roomBelow = view.height - name.bottom - GAP - MARGIN;
  const isAbove = roomAbove >= height || roomAbove >= roomBelow;
  const top = isAbove ? name.top - GAP - height : name.bottom + GAP;
  const centre = name.left + name.width / 2;
  const left = clamp(centre - width / 2, MARGIN, view.width - width - MARGIN);
  return {
    side: isAbove ? "above" : "below",
    top: clamp(top, MARGIN, view.height - height - MARGIN),
    left,
    arrow: clamp(centre - left, ARROW, width - ARROW),
  };
}

function clamp(value, least, most) {
  return Math.max(least, Math.min(value, most));
}
