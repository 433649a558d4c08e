// Changes a part of the page without replacing it, so that the focus and selected text stay.

/** Change `node` and its descendants to equal `wanted`. Nodes of another type are replaced. */
export function updateNode(node, wanted) {
  if (node.isEqualNode(wanted)) return;
  if (node.nodeName !== wanted.nodeName) {
    node.replaceWith(wanted);
  } else if (node instanceof Text) {
    updateText(node, wanted.data);
  } else {
    for (const { name } of [...node.attributes]) if (!wanted.hasAttribute(name)) node.removeAttribute(name);
    for (const { name, value } of wanted.attributes) node.setAttribute(name, value);
    updateChildren(node, [...wanted.childNodes]);
  }
}

function updateChildren(node, wanted) {
  const children = [...node.childNodes];
  for (const child of children.slice(wanted.length)) child.remove();
  wanted.forEach((child, index) => (children[index] ? updateNode(children[index], child) : node.append(child)));
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
