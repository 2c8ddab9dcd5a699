const form = document.querySelector('#filters');
const list = document.querySelector('#products');
const cards = [...list.children];
const price = document.querySelector('#filter-price');
const sort = document.querySelector('#filter-sort');
const highest = price.max;
const heading = document.querySelector('#category-title');
const everything = heading.textContent;

const orders = {
  chosen: (a, b) => cards.indexOf(a) - cards.indexOf(b),
  cheapest: (a, b) => a.dataset.price - b.dataset.price,
  dearest: (a, b) => b.dataset.price - a.dataset.price,
  rating: (a, b) => b.dataset.rating - a.dataset.rating,
  name: (a, b) => a.dataset.name.localeCompare(b.dataset.name),
};

function chosenKinds() {
  return new FormData(form).getAll('kind');
}

function apply() {
  const kinds = chosenKinds();
  for (const card of cards) {
    const wanted = kinds.length === 0 || kinds.includes(card.dataset.kind);
    card.hidden = !wanted || Number(card.dataset.price) > Number(price.value);
  }
  list.append(...cards.toSorted(orders[sort.value] ?? orders.chosen));
  const count = cards.filter((card) => !card.hidden).length;
  showWhere(kinds);
  document.querySelector('#filter-price-shown').textContent = `€${price.value}`;
  document.querySelector('#result-count').textContent = count === 1 ? '1 thing' : `${count} things`;
  document.querySelector('#no-results').hidden = count > 0;
}

// One kind alone is a page of its own to people: its name is the heading and the menu shows it.
function showWhere(kinds) {
  const only = kinds.length === 1 ? kinds[0] : null;
  heading.textContent = only ? form.querySelector(`[value="${only}"] + span`).textContent : everything;
  for (const link of document.querySelectorAll('.site-nav a')) {
    if (new URL(link.href).searchParams.get('kind') === only) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

// The address keeps the filter, so a reload, a shared link and the way back show the same things.
function remember() {
  const query = new URLSearchParams(chosenKinds().map((kind) => ['kind', kind]));
  if (price.value !== highest) query.set('price', price.value);
  if (sort.value !== 'chosen') query.set('sort', sort.value);
  history.replaceState(null, '', query.size > 0 ? `?${query}` : location.pathname);
}

function restore() {
  const query = new URLSearchParams(location.search);
  for (const box of form.querySelectorAll('[name="kind"]')) box.checked = query.getAll('kind').includes(box.value);
  price.value = query.get('price') ?? highest;
  sort.value = query.get('sort') ?? 'chosen';
  if (sort.selectedIndex === -1) sort.value = 'chosen';
}

function update() {
  apply();
  remember();
}

form.addEventListener('input', update);
form.addEventListener('submit', (event) => event.preventDefault());
document.querySelector('#filter-reset').addEventListener('click', () => {
  form.reset();
  update();
  form.querySelector('input').focus();
});

restore();
apply();
