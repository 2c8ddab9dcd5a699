import { build, type InlineConfig, type Rollup } from 'vite';
import { replayBuild } from '../../../vite.config.ts';

export type ServedFile = { body: string | Uint8Array; type: string };

/** A script of a test's own page, with everything it imports. */
export async function bundleScript(entry: string, minify = false): Promise<string> {
  const config: InlineConfig = {
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2022',
      minify,
      modulePreload: false,
      rollupOptions: { input: entry, output: { format: 'es', codeSplitting: false } },
    },
  };
  const [file] = outputOf(await build(config));
  if (file?.type !== 'chunk') throw new Error(`There is nothing in the bundle of ${entry}.`);
  return file.code;
}

/** The replay page as it is shipped, by path below /replay/. */
export async function bundleReplay(): Promise<Map<string, ServedFile>> {
  const output = outputOf(
    await build({ ...replayBuild, logLevel: 'error', build: { ...replayBuild.build, write: false } }),
  );
  return new Map(
    output.map((file) => {
      const body = file.type === 'chunk' ? file.code : file.source;
      const type = file.fileName.endsWith('.html')
        ? 'text/html'
        : file.fileName.endsWith('.css')
          ? 'text/css'
          : 'text/javascript';
      return [file.fileName, { body, type }];
    }),
  );
}

function outputOf(result: Awaited<ReturnType<typeof build>>): (Rollup.OutputChunk | Rollup.OutputAsset)[] {
  const [first] = Array.isArray(result) ? result : [result];
  if (!first || !('output' in first)) throw new Error('vite has built nothing.');
  return first.output;
}
