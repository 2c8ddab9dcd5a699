const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  :host { display: block; font-size: 0.9375rem; }
  p { display: inline-flex; align-items: center; gap: 8px; margin: 0; }
  i { width: 10px; height: 10px; border-radius: 50%; background: var(--level); flex: none; }
  .plenty { --level: #5f8a3c; }
  .few { --level: #d08a1f; }
  .none { --level: #9a8b80; }
`);

/** <stock-badge left="3">: whether it can be had, in words. */
class StockBadge extends HTMLElement {
  static observedAttributes = ['left'];

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
    const left = Number(this.getAttribute('left'));
    const [level, text] =
      left === 0
        ? ['none', 'Back in a few weeks']
        : left <= 5
          ? ['few', `Only ${left} left`]
          : ['plenty', 'In stock, with you in 2–4 days'];
    this.shadowRoot.innerHTML = `<p class="${level}"><i></i><span>${text}</span></p>`;
  }
}

customElements.define('stock-badge', StockBadge);
