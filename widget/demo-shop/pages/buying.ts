import type { Page } from '../layout.ts';
import { html, type Markup } from '../markup.ts';

export function cartPage(): Page {
  return {
    path: 'cart.html',
    title: 'Your cart | Casa Lumbre',
    description: 'What you have chosen so far.',
    styles: ['checkout'],
    scripts: ['cart-page'],
    body: html`<div class="page-head"><h1>Your cart</h1></div>
      <div class="section two-columns" id="cart-page" data-testid="cart-page">
        <div>
          <ul class="cart-lines large" data-cart-lines></ul>
          <a class="button" href="category.html" data-cart-empty hidden>See what we have</a>
          <section class="gift" aria-labelledby="gift-title" data-cart-filled>
            <h2 id="gift-title">A gift? Add a message</h2>
            <p class="hint" id="gift-hint">We write it by hand on a card. Up to 200 characters.</p>
            <div
              class="gift-message"
              id="gift-message"
              data-testid="gift-message"
              contenteditable="true"
              role="textbox"
              aria-multiline="true"
              aria-labelledby="gift-title"
              aria-describedby="gift-hint"
            ></div>
            <p class="hint" id="gift-count" role="status"></p>
          </section>
        </div>
        <aside class="summary" aria-labelledby="summary-title" data-cart-filled>
          <h2 id="summary-title">Summary</h2>
          ${sums()}
          <a class="button wide" href="checkout.html" data-testid="to-checkout">Go to checkout</a>
          <a class="text-link" href="category.html">Keep looking</a>
        </aside>
      </div>`,
  };
}

export function thankYouPage(): Page {
  return {
    path: 'thank-you.html',
    title: 'Thank you | Casa Lumbre',
    description: 'Your order is on its way to being on its way.',
    styles: ['checkout'],
    scripts: ['thank-you'],
    body: html`<div class="thanks" data-testid="thanks">
      <img src="assets/images/scene-evening.svg" alt="" width="1000" height="750" />
      <div>
        <h1>Thank you. We light a candle.</h1>
        <p>
          Your order <strong id="order-number" data-testid="order-number">CL-00000</strong> would now be wrapped in
          paper and wood wool.
        </p>
        <p class="muted">This is a demo shop: nothing was charged and nothing left your browser.</p>
        <a class="button" href="./">Back to the shop</a>
      </div>
    </div>`,
  };
}

/** The rows that the cart's script fills in. */
export function sums(): Markup {
  return html`<p class="sum-row"><span>Subtotal</span> <span data-cart-subtotal></span></p>
    <p class="sum-row"><span>Delivery</span> <span data-cart-delivery></span></p>
    <p class="sum-row total"><span>Total</span> <strong data-cart-total data-testid="cart-total"></strong></p>`;
}
