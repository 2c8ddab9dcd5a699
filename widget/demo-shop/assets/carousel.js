const rotateEvery = 6000;
const carousel = document.querySelector('#carousel');
const slides = [...carousel.querySelectorAll('[data-slide]')];
const dots = [...carousel.querySelectorAll('[data-carousel-dot]')];
const pauseButton = carousel.querySelector('[data-carousel="pause"]');
const lessMotion = matchMedia('(prefers-reduced-motion: reduce)');

let shown = 0;
let playing = !lessMotion.matches;
let attended = false;

function show(index) {
  shown = (index + slides.length) % slides.length;
  slides.forEach((slide, position) => {
    slide.hidden = position !== shown;
  });
  dots.forEach((dot, position) => dot.setAttribute('aria-current', String(position === shown)));
}

function setPlaying(value) {
  playing = value;
  carousel.classList.toggle('paused', !playing);
  pauseButton.setAttribute('aria-label', playing ? pauseButton.dataset.pause : pauseButton.dataset.play);
}

function choose(index) {
  setPlaying(false);
  show(index);
}

carousel.querySelector('[data-carousel="previous"]').addEventListener('click', () => choose(shown - 1));
carousel.querySelector('[data-carousel="next"]').addEventListener('click', () => choose(shown + 1));
dots.forEach((dot, index) => dot.addEventListener('click', () => choose(index)));
pauseButton.addEventListener('click', () => setPlaying(!playing));
lessMotion.addEventListener('change', () => lessMotion.matches && setPlaying(false));

// Nobody likes a slide that leaves while it is being read: pointer or focus inside holds it.
for (const [event, value] of [
  ['pointerenter', true],
  ['pointerleave', false],
  ['focusin', true],
  ['focusout', false],
]) {
  carousel.addEventListener(event, () => {
    attended = value;
  });
}

setInterval(() => {
  if (playing && !attended && !document.hidden) show(shown + 1);
}, rotateEvery);

setPlaying(playing);
show(0);
