import { knownLines } from './cart-view.js';
import { clearCart } from './cart-store.js';
import { element, root } from './element.js';
import { words } from './words.js';

const form = document.querySelector('#checkout');
const wantsAccount = document.querySelector('#create-account');
const account = document.querySelector('#account');
const password = document.querySelector('#password');

function showAccount() {
  account.hidden = !wantsAccount.checked;
  password.disabled = !wantsAccount.checked;
}

function check(field) {
  const message = document.querySelector(`#${field.id}-message`);
  if (!message) return;
  const wrong = !field.validity.valid;
  if (wrong) field.setAttribute('aria-invalid', 'true');
  else field.removeAttribute('aria-invalid');
  message.classList.toggle('wrong', wrong);
  message.textContent = wrong ? reason(field, message.dataset.hint) : message.dataset.hint;
}

function reason(field, hint) {
  if (field.validity.valueMissing) return 'Please fill this in.';
  if (field.validity.typeMismatch) return 'This does not look like an email address yet.';
  return hint ? `Please check: ${hint}.` : 'Please check this once more.';
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const fields = [...form.querySelectorAll('input:not([type="hidden"]):not(:disabled)')];
  for (const field of fields) check(field);
  const firstWrong = fields.find((field) => !field.validity.valid);
  if (firstWrong) {
    firstWrong.focus();
    return;
  }
  sessionStorage.setItem('casa-lumbre-order', `CL-${10_000 + Math.floor(Math.random() * 90_000)}`);
  localStorage.removeItem('casa-lumbre-gift');
  clearCart();
  location.assign(form.action);
});

form.addEventListener('change', (event) => {
  if (event.target === wantsAccount) showAccount();
  else if (event.target.getAttribute('aria-invalid')) check(event.target);
});

document
  .querySelector('#summary-lines')
  .replaceChildren(
    ...knownLines().map(({ product, choice, quantity }) =>
      element(
        'li',
        {},
        element('img', { src: `${root}assets/images/${product.slug}.svg`, alt: '', width: '56', height: '56' }),
        element('span', {}, `${quantity} × ${product.name}`, element('small', { class: 'muted' }, choice)),
        element('span', {}, words.price(product.price * quantity)),
      ),
    ),
  );
showAccount();
