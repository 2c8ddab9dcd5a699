/**
 * A plugin of the build that fits @rrweb/record to us. It takes out what our options never use (mouse moves, canvas and
 * its worker, frames of other origins, fonts, inlined pictures), 4 kB of what every co-browsed page loads; and it mends
 * what breaks a shop's Content-Security-Policy. It knows the text of one version, 2.1.6, and refuses another one.
 */

type Cut = {
  /** Beginning of the first line. */
  from: string;
  /** Whole text of the last line. */
  to: string;
  /** What stands there instead. */
  instead: string;
};

const CUTS: Cut[] = [
  { from: 'var chars = ', to: '};', instead: '' },
  { from: 'const canvasVarMap = ', to: '}', instead: '' },
  { from: 'const saveWebGLVar = ', to: '};', instead: '' },
  { from: 'function serializeArg(', to: '}', instead: '' },
  { from: 'const serializeArgs = ', to: '};', instead: '' },
  { from: 'const isInstanceOfWebGLObject = ', to: '};', instead: '' },
  { from: 'function initCanvas2DMutationObserver(', to: '}', instead: '' },
  { from: 'function getNormalizedContextName(', to: '}', instead: '' },
  { from: 'function initCanvasContextObserver(', to: '}', instead: '' },
  { from: 'function patchGLPrototype(', to: '}', instead: '' },
  { from: 'function initCanvasWebGLMutationObserver(', to: '}', instead: '' },
  { from: 'const jsContent = ', to: '}', instead: '' },
  {
    from: 'class CanvasManager {',
    to: '}',
    instead: 'class CanvasManager { freeze() {} unfreeze() {} lock() {} unlock() {} reset() {} }',
  },
  { from: '  handleMessage(', to: '  }', instead: '  handleMessage() {}' },
  { from: '  transformCrossOriginEvent(', to: '  }', instead: '' },
  { from: '  replaceIds(', to: '  }', instead: '' },
  { from: '  replaceStyleIds(', to: '  }', instead: '' },
  { from: '  replaceIdOnNode(', to: '  }', instead: '' },
  { from: '  patchRootIdOnNode(', to: '  }', instead: '' },
  { from: 'function initMoveObserver(', to: '}', instead: 'function initMoveObserver() { return () => {}; }' },
  { from: 'function initFontObserver(', to: '}', instead: 'function initFontObserver() { return () => {}; }' },
  { from: '  if (tagName === "canvas" && recordCanvas) {', to: '  }', instead: '' },
  { from: '  if (tagName === "img" && inlineImages) {', to: '  }', instead: '' },
  // An inline style, where a strict policy reports a violation at every change of a style.
  {
    from: '                old.setAttribute("style", m.oldValue);',
    to: '              }',
    instead: '                old.style.cssText = m.oldValue;\n              }',
  },
];

/** Throws where the text is another one than was cut before. */
export function leanRrweb() {
  return {
    name: 'lean-rrweb',
    transform(code: string, id: string) {
      if (!/[\\/]@rrweb[\\/]record[\\/]dist[\\/]record\.js/.test(id)) return null;
      return { code: CUTS.reduce(cut, code.split('\n')).join('\n'), map: null };
    },
  };
}

function cut(lines: string[], { from, to, instead }: Cut): string[] {
  const start = lines.findIndex((line) => line.startsWith(from));
  const end = lines.indexOf(to, start);
  if (start < 0 || end < 0) throw new Error(`@rrweb/record has no “${from}” to leave out: look at it anew.`);
  return [...lines.slice(0, start), instead, ...lines.slice(end + 1)];
}
