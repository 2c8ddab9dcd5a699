import type { Page } from '../layout.ts';
import { html, type Markup } from '../markup.ts';
import { sums } from './buying.ts';

type Field = {
  readonly id: string;
  readonly label: string;
  readonly autocomplete: string;
  readonly type?: string;
  readonly inputmode?: string;
  readonly maxlength?: number;
  readonly pattern?: string;
  readonly hint?: string;
  readonly optional?: boolean;
  readonly width?: 'half' | 'third' | 'two-thirds';
};

const addressFields: readonly Field[] = [
  { id: 'given-name', label: 'First name', autocomplete: 'shipping given-name', width: 'half' },
  { id: 'family-name', label: 'Last name', autocomplete: 'shipping family-name', width: 'half' },
  { id: 'street', label: 'Street and number', autocomplete: 'shipping street-address' },
  { id: 'postal-code', label: 'Postcode', autocomplete: 'shipping postal-code', inputmode: 'numeric', width: 'third' },
  { id: 'city', label: 'City', autocomplete: 'shipping address-level2', width: 'two-thirds' },
];

const cardFields: readonly Field[] = [
  { id: 'card-name', label: 'Name on the card', autocomplete: 'cc-name' },
  {
    id: 'card-number',
    label: 'Card number',
    autocomplete: 'cc-number',
    inputmode: 'numeric',
    maxlength: 23,
    pattern: '[0-9 ]{12,23}',
    hint: '12 to 19 digits',
  },
  {
    id: 'card-expiry',
    label: 'Expiry (MM/YY)',
    autocomplete: 'cc-exp',
    inputmode: 'numeric',
    maxlength: 5,
    pattern: '(0[1-9]|1[0-2])/[0-9]{2}',
    hint: 'Month and year, as in 08/30',
    width: 'half',
  },
  {
    id: 'card-cvc',
    label: 'Security code (CVC)',
    autocomplete: 'cc-csc',
    inputmode: 'numeric',
    maxlength: 4,
    pattern: '[0-9]{3,4}',
    hint: '3 or 4 digits',
    width: 'half',
  },
];

export function checkoutPage(): Page {
  return {
    path: 'checkout.html',
    title: 'Checkout | Casa Lumbre',
    description: 'Where to send it and how to pay.',
    styles: ['checkout'],
    scripts: ['checkout'],
    body: html`<div class="page-head">
        <h1>Checkout</h1>
        <p class="demo-warning">A demo: please type no real card. Nothing you type here leaves the page.</p>
      </div>
      <div class="section two-columns">
        <form class="checkout" id="checkout" data-testid="checkout" method="post" action="thank-you.html" novalidate>
          <input type="hidden" name="csrf" id="csrf" data-testid="csrf" value="casa-lumbre-form-secret-0417" />
          <fieldset>
            <legend>Contact</legend>
            ${input({ id: 'email', label: 'Email', autocomplete: 'email', type: 'email', width: 'half' })}
            ${input({ id: 'phone', label: 'Phone', autocomplete: 'tel', type: 'tel', optional: true, width: 'half' })}
          </fieldset>
          <fieldset>
            <legend>Delivery address</legend>
            ${addressFields.map(input)}
            <div class="field">
              <label for="country">Country</label>
              <select id="country" name="country" data-testid="country" autocomplete="shipping country">
                <option value="ES">Spain</option>
                <option value="PT">Portugal</option>
                <option value="FR">France</option>
                <option value="DE">Germany</option>
                <option value="IT">Italy</option>
              </select>
            </div>
            <div class="field">
              <label for="note">Note for the courier <span class="muted">(optional)</span></label>
              <textarea id="note" name="note" data-testid="note" rows="2" maxlength="300"></textarea>
            </div>
          </fieldset>
          <fieldset>
            <legend>Card</legend>
            ${cardFields.map(input)}
          </fieldset>
          <fieldset>
            <legend>Next time, faster</legend>
            <label class="check">
              <input
                type="checkbox"
                id="create-account"
                name="create-account"
                data-testid="create-account"
                aria-controls="account"
              />
              <span>Create an account</span>
            </label>
            <div class="account" id="account" hidden>
              ${input({ id: 'password', label: 'Password', autocomplete: 'new-password', type: 'password', pattern: '.{8,}', hint: 'At least 8 characters' })}
            </div>
          </fieldset>
          <button type="submit" class="button wide" id="place-order" data-testid="place-order">Place the order</button>
        </form>
        <aside class="summary" aria-labelledby="summary-title">
          <h2 id="summary-title">Your order</h2>
          <ul class="summary-lines" id="summary-lines"></ul>
          ${sums()}
        </aside>
      </div>`,
  };
}

function input(field: Field): Markup {
  return html`<div class="field ${field.width}">
    <label for="${field.id}">${field.label} ${field.optional && html`<span class="muted">(optional)</span>`}</label>
    <input
      id="${field.id}"
      name="${field.id}"
      data-testid="${field.id}"
      type="${field.type ?? 'text'}"
      autocomplete="${field.autocomplete}"
      aria-describedby="${field.id}-message"
      ${field.inputmode !== undefined && html`inputmode="${field.inputmode}"`}
      ${field.maxlength !== undefined && html`maxlength="${field.maxlength}"`}
      ${field.pattern !== undefined && html`pattern="${field.pattern}"`}
      ${!field.optional && html`required`}
    />
    <p class="hint" id="${field.id}-message" data-hint="${field.hint ?? ''}">${field.hint}</p>
  </div>`;
}
