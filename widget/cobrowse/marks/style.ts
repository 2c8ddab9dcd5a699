export const MARKS_STYLE = `
.strokes { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; overflow: visible; }
.strokes path { fill: none; stroke-linecap: round; stroke-linejoin: round; }
.strokes .edge { stroke: #fff; stroke-width: 8px; opacity: 0.9; }
.strokes .line { stroke: var(--tint); stroke-width: 5px; }
.strokes g { transition: opacity 1s; }
.strokes g.gone { opacity: 0; }
.way {
  position: absolute;
  display: none;
  align-items: center;
  gap: 10px;
  min-block-size: 48px;
  padding: 0 20px 0 14px;
  border: 0;
  border-radius: 24px;
  background: #14161b;
  color: #fff;
  box-shadow: 0 0 0 2px #fff, 0 6px 20px rgb(0 0 0 / 0.35);
  font: 600 15px/1.2 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
  white-space: nowrap;
  cursor: pointer;
  pointer-events: auto;
  touch-action: manipulation;
}
.way:hover { background: #2a2e37; }
.way:focus-visible { outline: 3px solid #14161b; outline-offset: 4px; }
.way svg { inline-size: 22px; block-size: 22px; }
.way path { fill: none; stroke: currentColor; stroke-width: 2.5; stroke-linecap: round; stroke-linejoin: round; }
.pane { position: absolute; inset: 0; cursor: crosshair; pointer-events: auto; touch-action: manipulation; }
.question {
  position: absolute;
  inset-block-start: calc(16px + env(safe-area-inset-top, 0px));
  left: 50%;
  translate: -50%;
  inline-size: max-content;
  max-inline-size: calc(100% - 32px);
  display: flex;
  align-items: center;
  gap: 12px;
  box-sizing: border-box;
  padding: 4px 4px 4px 18px;
  border-radius: 28px;
  background: #14161b;
  color: #fff;
  box-shadow: 0 0 0 1px rgb(255 255 255 / 0.28), 0 6px 20px rgb(0 0 0 / 0.28);
  font: 500 15px/1.3 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
}
.ring {
  position: absolute;
  left: 0;
  inset-block-start: 0;
  inline-size: 44px;
  block-size: 44px;
  margin: -22px 0 0 -22px;
  box-sizing: border-box;
  border: 4px solid var(--accent);
  border-radius: 50%;
  box-shadow: 0 0 0 2px #fff, inset 0 0 0 2px #fff;
}
:host([data-covered]) :is(.strokes, .way) { display: none !important; }
@media (prefers-reduced-motion: reduce) { .strokes g { transition: none; } }
@media (forced-colors: active) {
  .way, .question { border: 1px solid ButtonText; }
  .strokes .line { stroke: Highlight; }
}
`;
