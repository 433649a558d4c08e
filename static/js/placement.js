// Places an element of fixed position next to another element, inside the window.

const GAP = 8; // pixels between the two, room for the arrow
const MARGIN = 8; // pixels between the element and the edge of the window
const ARROW = 20; // pixels between the arrow and a corner of the element

/**
 * Place `tip` below or above `anchor` without covering `area`, which contains `anchor`, where there is enough space. Return
 * false if `anchor` is scrolled out of view.
 */
export function place(tip, anchor, area = anchor) {
  const frame = (anchor.closest("[data-scroll]") ?? document.documentElement).getBoundingClientRect();
  // A name that wraps has several boxes; the first one is where it starts.
  const name = anchor.getClientRects()[0];
  const view = { width: document.documentElement.clientWidth, height: window.innerHeight };
  if (!name || name.bottom < Math.max(frame.top, 0) || name.top > Math.min(frame.bottom, view.height)) return false;

  const { side, top, left, arrow } = placement(name, area.getBoundingClientRect(), tip.getBoundingClientRect(), view);
  tip.dataset.side = side;
  tip.style.top = `${top}px`;
  tip.style.left = `${left}px`;
  tip.style.setProperty("--arrow", `${arrow}px`);
  return true;
}

/**
 * Return the `side` of the box `name` on which an element of `width` × `height` is placed in a window of the size
 * `view`, its `top` and `left`, and the distance of its `arrow` from its left edge, in pixels. It covers neither `name`
 * nor, if there is space next to it, the box `area` around it.
 */
export function placement(name, area, { width, height }, view) {
  const spaceNextTo = (box) => ({ above: box.top - GAP - MARGIN, below: view.height - box.bottom - GAP - MARGIN });
  const isLarge = Math.max(...Object.values(spaceNextTo(area))) < height;
  const box = isLarge ? name : area;
  const space = spaceNextTo(box);
  const isBelow = space.below >= height || space.below >= space.above;
  const top = isBelow ? box.bottom + GAP : box.top - GAP - height;
  const centre = name.left + name.width / 2;
  const left = clamp(centre - width / 2, MARGIN, view.width - width - MARGIN);
  return {
    side: isBelow ? "below" : "above",
    top: clamp(top, MARGIN, view.height - height - MARGIN),
    left,
    arrow: clamp(centre - left, ARROW, width - ARROW),
  };
}

function clamp(value, least, most) {
  return Math.max(least, Math.min(value, most));
}
