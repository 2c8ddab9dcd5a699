/** A new element with attributes and children (nodes or text). */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** The shop's root, whatever page this is. */
export const root = new URL('..', import.meta.url).href;
