import { gzipSync } from 'node:zlib';
import { build, type InlineConfig } from 'vite';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { buildIfStale } from '../../client/build.ts';
import { bundleSizes } from '../support/bundle-sizes.ts';
import { figure, type Benchmark } from './figure.ts';

const SVELTE_ALONE = `
  import { mount } from 'svelte';
  import App from 'bare:App.svelte';
  mount(App, { target: document.body });
`;

/** Gzipped bytes of a module that does nothing but use the bare libraries. */
async function gzippedModule(source: string): Promise<number> {
  const files: Record<string, string> = { 'bare:entry': source, 'bare:App.svelte': '<h1>Hello</h1>' };
  const config: InlineConfig = {
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'bare',
        enforce: 'pre',
        resolveId: (id) => (id in files ? `/${id.replace('bare:', 'bare-')}` : null),
        load: (id) => files[id.replace('/bare-', 'bare:')] ?? null,
      },
      svelte({ configFile: false }),
    ],
    build: { write: false, target: 'es2022', rollupOptions: { input: 'bare:entry' } },
  };
  const result = await build(config);
  const outputs = Array.isArray(result) ? result : 'output' in result ? [result] : [];
  const code = outputs.flatMap(({ output }) => output).map((file) => (file.type === 'chunk' ? file.code : ''));
  return gzipSync(code.join('\n'), { level: 9 }).byteLength;
}

export const sizesBenchmark: Benchmark = {
  names: ['loader_gzip', 'panel_gzip', 'all_gzip'],
  run: async () => {
    await buildIfStale(console.error);
    const { loader, panel, all } = bundleSizes();
    const svelteAlone = await gzippedModule(SVELTE_ALONE);
    const libraries = await gzippedModule(
      `${SVELTE_ALONE} import { record } from '@rrweb/record'; import { Device } from 'mediasoup-client'; window.x = [record, Device];`,
    );
    return [
      figure('loader_gzip', 'bytes', { ours: [loader], bare: null }, 'on every page of a shop; budget 5,000'),
      figure(
        'panel_gzip',
        'bytes',
        { ours: [panel], bare: [svelteAlone] },
        'loader and panel, beside an empty Svelte app; budget 35,000',
      ),
      figure(
        'all_gzip',
        'bytes',
        { ours: [all], bare: [libraries] },
        'with call and co-browsing, beside Svelte, mediasoup-client and @rrweb/record alone; budget 110,000',
      ),
    ];
  },
};
