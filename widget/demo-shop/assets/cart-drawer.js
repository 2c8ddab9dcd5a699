const drawer = document.querySelector('#cart-drawer');
const opener = document.querySelector('#cart-button');
const scrim = document.querySelector('#cart-scrim');
const rest = [...document.querySelectorAll('body > header, body > main, body > footer')];

export function openCartDrawer() {
  setOpen(true);
  drawer.focus();
}

export function closeCartDrawer() {
  if (drawer.inert) return;
  setOpen(false);
  opener.focus();
}

/** Wires the drawer's own ways in and out. */
export function startCartDrawer() {
  opener.addEventListener('click', openCartDrawer);
  scrim.addEventListener('click', closeCartDrawer);
  document.querySelector('#cart-close').addEventListener('click', closeCartDrawer);
  document.addEventListener('keydown', (event) => event.key === 'Escape' && closeCartDrawer());
}

function setOpen(open) {
  drawer.inert = !open;
  drawer.classList.toggle('open', open);
  scrim.hidden = !open;
  opener.setAttribute('aria-expanded', String(open));
  for (const part of rest) part.inert = open;
}
