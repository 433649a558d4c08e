// Changes a part of the page without replacing it, so that the focus and selected text stay.

const OWN_ATTRIBUTES = ["open", "tabindex", "data-side", "style"]; // of scripts and users

/**
 * Change `node` and its descendants to equal `wanted`. Nodes of another type are replaced. Children of an element with
 * `data-keyed` are matched by their `data-key`: the others are inserted or removed. Attributes that the server does not set,
 * such as `open` of a menu that the user has opened, stay.
 */
export function updateNode(node, wanted) {
  if (node.isEqualNode(wanted)) return;
  if (node.nodeName !== wanted.nodeName) {
    node.replaceWith(wanted);
  } else if (node instanceof Text) {
    updateText(node, wanted.data);
  } else {
    for (const { name } of [...node.attributes]) {
      if (!OWN_ATTRIBUTES.includes(name) && !wanted.hasAttribute(name)) node.removeAttribute(name);
    }
    for (const { name, value } of wanted.attributes) node.setAttribute(name, value);
    if ("keyed" in wanted.dataset) updateKeyed(node, [...wanted.children]);
    else updateChildren(node, [...wanted.childNodes]);
  }
}

function updateChildren(node, wanted) {
  const children = [...node.childNodes];
  for (const child of children.slice(wanted.length)) child.remove();
  wanted.forEach((child, index) => (children[index] ? updateNode(children[index], child) : node.append(child)));
}

function updateKeyed(node, wanted) {
  const keys = new Set(wanted.map((child) => child.dataset.key));
  for (const child of [...node.children]) if (!keys.has(child.dataset.key)) child.remove();
  const children = new Map([...node.children].map((child) => [child.dataset.key, child]));
  let next = node.firstElementChild;
  for (const child of wanted) {
    const current = children.get(child.dataset.key);
    // Moving an element takes the focus from it, so elements in the right order stay.
    if (current && current === next) next = next.nextElementSibling;
    else node.insertBefore(current ?? child, next);
    if (current) updateNode(current, child);
  }
}

/** Replace the part of a text that is different. A selection of the text around it stays. */
function updateText(node, text) {
  const { data } = node;
  const shorter = Math.min(data.length, text.length);
  let start = 0;
  while (start < shorter && data[start] === text[start]) start += 1;
  let end = 0;
  while (end < shorter - start && data.at(-1 - end) === text.at(-1 - end)) end += 1;
  node.replaceData(start, data.length - start - end, text.slice(start, text.length - end));
}
