/** A DOM element from plain values. Strings become text, never markup. */
export function el(name, properties = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (value === true) node.setAttribute(key, '');
    else if (value !== false && value !== undefined && value !== null) node.setAttribute(key, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ''));
  return node;
}

export function initials(name) {
  const words = name.split(/\s+/).filter(Boolean);
  return words.length === 0 ? '–' : [words[0], words.at(-1)].map((word) => word[0]).join('');
}

export function day(atMs) {
  return new Date(atMs).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
}
