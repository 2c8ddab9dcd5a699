import { productCalled } from '../catalogue.ts';
import type { Page } from '../layout.ts';
import { html, type Markup } from '../markup.ts';
import { productCard } from '../product-card.ts';
import type { Language } from '../words.ts';

const slides = {
  en: [
    {
      scene: 'evening',
      title: 'The hour when the lamps go on',
      line: 'Pleated linen, warm light and supper that takes its time.',
      link: 'Light the evening',
      kind: 'lamps',
    },
    {
      scene: 'morning',
      title: 'Breakfast, taken seriously',
      line: 'Stoneware with a thumbprint here and there, for bread, oil and the first coffee.',
      link: 'Set the table',
      kind: 'ceramics',
    },
    {
      scene: 'siesta',
      title: 'Twenty minutes, horizontally',
      line: 'A soft throw and a courtyard’s worth of tiles to rest your head on.',
      link: 'See the textiles',
      kind: 'textiles',
    },
  ],
  es: [
    {
      scene: 'evening',
      title: 'La hora de encender las lámparas',
      line: 'Lino plisado, luz cálida y una cena sin prisa.',
      link: 'Encender la tarde',
      kind: 'lamps',
    },
    {
      scene: 'morning',
      title: 'El desayuno, muy en serio',
      line: 'Gres con alguna huella de pulgar, para el pan, el aceite y el primer café.',
      link: 'Poner la mesa',
      kind: 'ceramics',
    },
    {
      scene: 'siesta',
      title: 'Veinte minutos en horizontal',
      line: 'Una manta suave y los azulejos de todo un patio para apoyar la cabeza.',
      link: 'Ver los textiles',
      kind: 'textiles',
    },
  ],
};

const texts = {
  en: {
    title: 'Casa Lumbre: ceramics, lamps and textiles',
    description: 'A small shop for the table, the sofa and the hour when the lamps go on.',
    carousel: 'This season',
    previous: 'Previous slide',
    next: 'Next slide',
    pause: 'Pause the slides',
    play: 'Play the slides',
    slide: 'Slide',
    favourites: 'What people come back for',
    seeAll: 'See all twelve things',
    promises: [
      { title: 'Made in small numbers', line: 'Thrown, woven and turned in workshops we can reach by train.' },
      { title: 'Packed like eggs', line: 'In paper and wood wool. If it breaks on the way, we send another.' },
      {
        title: 'Somebody is there',
        line: 'Ask in the chat. We can look at the page with you, or show you the real thing on video.',
      },
    ],
  },
  es: {
    title: 'Casa Lumbre: cerámica, lámparas y textiles',
    description: 'Una tienda pequeña para la mesa, el sofá y la hora en que se encienden las lámparas.',
    carousel: 'Esta temporada',
    previous: 'Anterior',
    next: 'Siguiente',
    pause: 'Parar las imágenes',
    play: 'Reanudar las imágenes',
    slide: 'Imagen',
    favourites: 'A lo que la gente vuelve',
    seeAll: 'Ver las doce cosas',
    promises: [
      { title: 'Hecho en series cortas', line: 'Torneado y tejido en talleres a los que llegamos en tren.' },
      { title: 'Embalado como huevos', line: 'Con papel y viruta. Si se rompe por el camino, enviamos otro.' },
      {
        title: 'Hay alguien',
        line: 'Pregunta en el chat. Podemos mirar la página contigo o enseñarte la pieza por vídeo.',
      },
    ],
  },
};

const favourites = [
  'table-lamp',
  'espresso-cup',
  'tile-cushion',
  'serving-bowl',
  'olive-vase',
  'linen-throw',
  'olive-board',
  'tea-towels',
];

export function homePage(language: Language): Page {
  const root = language === 'en' ? '' : '../';
  const text = texts[language];
  return {
    path: language === 'en' ? 'index.html' : 'es/index.html',
    language,
    title: text.title,
    description: text.description,
    styles: ['home', 'cards'],
    scripts: ['carousel'],
    body: html`<h1 class="visually-hidden">Casa Lumbre</h1>
      ${carousel(language, root)}
      <section class="section" aria-labelledby="favourites-title">
        <div class="section-head">
          <h2 id="favourites-title">${text.favourites}</h2>
          <a class="text-link" href="${root}category.html" data-testid="see-all">${text.seeAll}</a>
        </div>
        <ul class="cards">
          ${favourites.map((slug) => productCard(productCalled(slug), { root, language }))}
        </ul>
      </section>
      <section class="promises" aria-label="Casa Lumbre">
        ${text.promises.map(
          (promise) =>
            html`<div>
              <h2>${promise.title}</h2>
              <p>${promise.line}</p>
            </div>`,
        )}
      </section>`,
  };
}

function carousel(language: Language, root: string): Markup {
  const text = texts[language];
  return html`<section
    class="carousel"
    id="carousel"
    data-testid="carousel"
    aria-roledescription="carousel"
    aria-label="${text.carousel}"
  >
    <div class="slides" data-slides>
      ${slides[language].map(
        (slide, index) =>
          html`<div
            class="slide scene-${slide.scene}"
            data-slide="${index}"
            data-testid="slide"
            role="group"
            aria-roledescription="slide"
            aria-label="${index + 1} / ${slides[language].length}"
            ${index > 0 && html`hidden`}
          >
            <div class="slide-text">
              <h2>${slide.title}</h2>
              <p>${slide.line}</p>
              <a class="button" href="${root}category.html?kind=${slide.kind}">${slide.link}</a>
            </div>
            <img src="${root}assets/images/scene-${slide.scene}.svg" alt="" width="1000" height="750" />
          </div>`,
      )}
    </div>
    <div class="carousel-tools">
      <button type="button" class="round-button" data-carousel="previous" aria-label="${text.previous}">
        <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><path d="M15 5l-7 7 7 7" /></svg>
      </button>
      <div class="dots">
        ${slides[language].map(
          (_, index) =>
            html`<button
              type="button"
              class="dot"
              data-carousel-dot="${index}"
              aria-label="${text.slide} ${index + 1}"
            ></button>`,
        )}
      </div>
      <button
        type="button"
        class="round-button"
        data-carousel="next"
        data-testid="carousel-next"
        aria-label="${text.next}"
      >
        <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><path d="M9 5l7 7-7 7" /></svg>
      </button>
      <button
        type="button"
        class="round-button"
        data-carousel="pause"
        data-testid="carousel-pause"
        data-pause="${text.pause}"
        data-play="${text.play}"
        aria-label="${text.pause}"
      >
        <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
          <path class="icon-pause" d="M9 6v12M15 6v12" />
          <path class="icon-play" d="M9 6l9 6-9 6z" />
        </svg>
      </button>
    </div>
  </section>`;
}
