import { globSync, readFileSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type InlineConfig, type Plugin } from 'vite';
import { leanMediasoupClient } from './client/core/call/lean-mediasoup-client.ts';
import { wholeSubtrees } from './client/replay/whole-subtrees.ts';
import { leanSvelte } from './widget/lean-svelte.ts';

const root = import.meta.dirname;
const shared = { configFile: false, logLevel: 'warn', clearScreen: false } as const satisfies InlineConfig;

/** Nothing of ours in a shop's `window`, not even Svelte's version. */
export const compilerOptions = { discloseVersion: false };

/** The agents' console: a page at /console/. */
export const consoleBuild: InlineConfig = {
  ...shared,
  root: `${root}/client/console`,
  base: '/console/',
  plugins: [leanMediasoupClient(), svelte({ configFile: false, compilerOptions })],
  build: { outDir: `${root}/dist/console`, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0 },
};

/** The replay frame: a page at /replay/ of an origin of its own. */
export const replayBuild: InlineConfig = {
  ...shared,
  root: `${root}/client/replay`,
  base: '/replay/',
  plugins: [wholeSubtrees()],
  build: { outDir: `${root}/dist/replay`, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0 },
};

/** The call's own window: a page at /call/, the same code as in the widget. */
export const windowBuild: InlineConfig = {
  ...shared,
  root: `${root}/widget/call/pop-out`,
  base: '/call/',
  plugins: [leanMediasoupClient(), leanSvelte(), svelte({ configFile: false, emitCss: false, compilerOptions })],
  build: { outDir: `${root}/dist/call`, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0 },
};

/** The shopper's window with what the agent sees: a page at /seen/. */
export const seenBuild: InlineConfig = {
  ...shared,
  root: `${root}/widget/seen`,
  base: '/seen/',
  build: { outDir: `${root}/dist/seen`, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0 },
};

/** For `mostrador check-masking`: the recorder in one classic script, to be run in a shop's page. */
export const checkBuild: InlineConfig = {
  ...shared,
  root: `${root}/widget/check-masking`,
  build: {
    outDir: `${root}/dist/check-masking`,
    emptyOutDir: true,
    target: 'es2022',
    lib: {
      entry: `${root}/widget/check-masking/record-page.ts`,
      formats: ['iife'],
      name: 'MostradorCheck',
      fileName: () => 'record-page.js',
    },
  },
};

/** Words of the loader and of the call's own window, which the panel never says. */
const SAID_ELSEWHERE = /^(window_|launcher_(?!open))/;

/** Words of the part that sends and shows files. */
const SAID_OF_FILES = /^file_/;

/**
 * A catalogue in parts: what the panel itself says, what is said of hours and the line (`?line`) and of files (`?files`), and
 * the rest, which is said by the steps (`?steps`). Whose a sentence is stands in the sources: the first part whose files name it.
 */
function wordsInParts(): Plugin {
  const wordsOf = (pattern: string): Set<string | undefined> => {
    const sources = globSync(pattern, { cwd: root });
    const text = sources.map((file) => readFileSync(`${root}/${file}`, 'utf8')).join('\n');
    return new Set([...text.matchAll(/\bwords\.(\w+)/g)].map(([, name]) => name));
  };
  const ofPanel = wordsOf('widget/panel/*.{ts,svelte}');
  const ofLine = wordsOf('widget/panel/line/*.{ts,svelte}');
  const partOf = (name: string): string => {
    if (SAID_OF_FILES.test(name)) return '?files';
    return ofPanel.has(name) ? '' : ofLine.has(name) ? '?line' : '?steps';
  };
  return {
    name: 'words-in-parts',
    transform: {
      order: 'pre',
      handler: (code, id) => {
        const found = /widget\/words\/compiled\/messages\/\w+\.js(\?\w+)?$/.exec(id);
        if (!found) return undefined;
        const part = found[1] ?? '';
        // The one function of `registry.js`: a file of its own would be fetched after this one.
        const plural = `const registry = { plural: (language, count) => new Intl.PluralRules(language).select(Number(count)) };`;
        return code
          .replace(/^import \* as registry .*$/m, plural)
          .replaceAll(/^export const (\w+) = [^]*?^\};\n/gm, (sentence, name: string) =>
            !SAID_ELSEWHERE.test(name) && partOf(name) === part ? sentence : '',
          );
      },
    },
  };
}

/** The panel and what it loads later (call, co-browsing, words): ES modules with hashed names, at /widget/. */
export const panelBuild: InlineConfig = {
  ...shared,
  root: `${root}/widget`,
  // Chunks are on the service's origin, not on the shop's: they find each other relative to themselves.
  base: './',
  plugins: [
    leanMediasoupClient(),
    wordsInParts(),
    leanSvelte(),
    svelte({ configFile: false, emitCss: false, compilerOptions }),
  ],
  build: {
    outDir: `${root}/dist/widget`,
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 100_000,
    manifest: true,
    modulePreload: false,
    cssCodeSplit: false,
    // As a library: a dynamic import stays what it is, without a helper for preloading.
    lib: { entry: { panel: `${root}/widget/panel/main.ts` }, formats: ['es'] },
    rollupOptions: {
      // What the later parts share with the panel stays in the panel's own file: one file compresses better than two.
      preserveEntrySignatures: 'allow-extension',
      // White space as well: this library is nobody's to read.
      output: { entryFileNames: '[name]-[hash].js', chunkFileNames: '[name]-[hash].js', minify: true, comments: false },
    },
  },
};

/** What records a page inside a frame of another origin: one module at /inside/, loaded after the shopper's yes. */
export const insideBuild: InlineConfig = {
  ...shared,
  root: `${root}/widget`,
  base: './',
  build: {
    outDir: `${root}/dist/inside`,
    emptyOutDir: true,
    target: 'es2022',
    manifest: true,
    modulePreload: false,
    rollupOptions: {
      input: { inside: `${root}/widget/cobrowse/inner/inside.ts` },
      preserveEntrySignatures: 'strict',
      output: { format: 'es', codeSplitting: false, entryFileNames: '[name]-[hash].js' },
    },
  },
};

/** The loader: one classic script at /widget.js that knows where its panel is. */
export function loaderBuild(panelFile: string, ahead: object, insideFile: string): InlineConfig {
  return {
    ...shared,
    root: `${root}/widget`,
    define: {
      __PANEL__: JSON.stringify(`widget/${panelFile}`),
      __INSIDE__: JSON.stringify(`inside/${insideFile}`),
      __AHEAD__: JSON.stringify(ahead),
    },
    build: {
      outDir: `${root}/dist/loader`,
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 100_000,
      // As a library: a dynamic import stays what it is, without a helper for preloading.
      lib: {
        entry: `${root}/widget/loader.ts`,
        formats: ['iife'],
        name: 'MostradorLoader',
        fileName: () => 'widget.js',
      },
    },
  };
}

/** Of editors and svelte-check: how components are read. The builds above are what is shipped. */
export default defineConfig({ plugins: [svelte({ configFile: false, compilerOptions })] });
