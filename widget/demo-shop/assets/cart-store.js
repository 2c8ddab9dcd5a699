// The cart is a list of { slug, choice, quantity } in localStorage, so it survives full page loads and is shared by tabs.
const storageKey = 'casa-lumbre-cart';
const most = 99;
const changed = new EventTarget();

export function cartLines() {
  try {
    const lines = JSON.parse(localStorage.getItem(storageKey) ?? '[]');
    return Array.isArray(lines) ? lines : [];
  } catch {
    return [];
  }
}

export function addToCart(slug, choice, quantity) {
  const lines = cartLines();
  const same = lines.find((line) => line.slug === slug && line.choice === choice);
  if (same) same.quantity = Math.min(most, same.quantity + quantity);
  else lines.push({ slug, choice, quantity });
  save(lines);
}

/** Zero takes the line out. */
export function setQuantity(slug, choice, quantity) {
  const lines = cartLines().map((line) =>
    line.slug === slug && line.choice === choice ? { ...line, quantity: Math.min(most, quantity) } : line,
  );
  save(lines.filter((line) => line.quantity > 0));
}

export function clearCart() {
  save([]);
}

export function onCartChange(listener) {
  changed.addEventListener('change', listener);
  window.addEventListener('storage', (event) => event.key === storageKey && listener());
}

function save(lines) {
  localStorage.setItem(storageKey, JSON.stringify(lines));
  changed.dispatchEvent(new Event('change'));
}
