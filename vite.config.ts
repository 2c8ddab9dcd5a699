/// <reference types="vitest/config" />
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type InlineConfig } from 'vite';

const root = import.meta.dirname;
const shared = { configFile: false, logLevel: 'warn', clearScreen: false } as const satisfies InlineConfig;

/** The agents' console: a page at /console/. */
export const consoleBuild: InlineConfig = {
  ...shared,
  root: `${root}/client/console`,
  base: '/console/',
  plugins: [svelte({ configFile: false })],
  build: { outDir: `${root}/dist/console`, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0 },
};

/** The replay frame: a page at /replay/ of an origin of its own. */
export const replayBuild: InlineConfig = {
  ...shared,
  root: `${root}/client/replay`,
  base: '/replay/',
  build: { outDir: `${root}/dist/replay`, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0 },
};

/** The panel and what it loads later (call, co-browsing, words): ES modules with hashed names, at /widget/. */
export const panelBuild: InlineConfig = {
  ...shared,
  root: `${root}/widget`,
  // Chunks are on the service's origin, not on the shop's: they find each other relative to themselves.
  base: './',
  plugins: [svelte({ configFile: false, emitCss: false })],
  build: {
    outDir: `${root}/dist/widget`,
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 100_000,
    manifest: true,
    modulePreload: false,
    cssCodeSplit: false,
    rollupOptions: {
      input: { panel: `${root}/widget/panel/main.ts` },
      preserveEntrySignatures: 'strict',
      output: { format: 'es', entryFileNames: '[name]-[hash].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
};

/** The loader: one classic script at /widget.js that knows where its panel is. */
export function loaderBuild(panelFile: string): InlineConfig {
  return {
    ...shared,
    root: `${root}/widget`,
    define: { __PANEL__: JSON.stringify(`widget/${panelFile}`) },
    build: {
      outDir: `${root}/dist/loader`,
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 100_000,
      modulePreload: false,
      rollupOptions: {
        input: `${root}/widget/loader.ts`,
        output: { format: 'iife', entryFileNames: 'widget.js' },
      },
    },
  };
}

export default defineConfig({
  plugins: [svelte({ configFile: false, emitCss: false })],
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // Chromium, media workers and databases share two cores with the tests.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ['default'],
  },
});
