// Constructed sheets are allowed by a Content-Security-Policy that forbids inline styles.
const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  :host { display: inline-flex; align-items: center; gap: 8px; font-size: 0.9375rem; }
  svg { width: 104px; height: 20px; }
  .empty { fill: color-mix(in srgb, currentColor 22%, transparent); }
  .full { fill: var(--star, #c9821a); }
`);
const star = 'M10 1.6l2.6 5.4 5.9.8-4.3 4.1 1 5.9L10 15l-5.2 2.8 1-5.9L1.5 7.8l5.9-.8z';

/** <star-rating value="4.6" count="38">: five stars, filled to the value. */
class StarRating extends HTMLElement {
  static observedAttributes = ['value', 'count'];

  constructor() {
    super();
    this.attachShadow({ mode: 'open' }).adoptedStyleSheets = [sheet];
  }

  connectedCallback() {
    this.render();
  }

  attributeChangedCallback() {
    if (this.isConnected) this.render();
  }

  render() {
    const value = Math.min(5, Math.max(0, Number(this.getAttribute('value'))));
    const count = Number(this.getAttribute('count'));
    const row = [0, 1, 2, 3, 4].map((index) => `<path transform="translate(${index * 21} 0)" d="${star}"/>`).join('');
    this.shadowRoot.innerHTML = `
      <svg viewBox="0 0 104 20" role="img" aria-label="${value} out of 5 stars">
        <clipPath id="filled"><rect width="${(104 * value) / 5}" height="20"/></clipPath>
        <g class="empty">${row}</g><g class="full" clip-path="url(#filled)">${row}</g>
      </svg>
      <span>${value.toFixed(1)} (${count})</span>`;
  }
}

customElements.define('star-rating', StarRating);
