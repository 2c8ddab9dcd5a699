import { statSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { compilerOptions } from './vite.config.ts';

/** Where a file waits for browsers, servers and media; the longest first, so that no core is left alone with one at the end. */
const SLOW = [/test\/(browser|media)\//, /test\/(console|cobrowse|check-masking|wire|mail|storage)\//];

class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const weight = ({ moduleId }: TestSpecification): number => {
      const rank = SLOW.findIndex((pattern) => pattern.test(moduleId));
      return (rank < 0 ? 0 : SLOW.length - rank) * 1_000_000 + statSync(moduleId).size;
    };
    return files.toSorted((a, b) => weight(b) - weight(a));
  }
}

export default defineConfig({
  plugins: [svelte({ configFile: false, emitCss: false, compilerOptions })],
  test: {
    include: ['test/**/*.test.ts'],
    // What waits for networks to recover takes minutes: `npm run soak` runs it.
    exclude: process.env['SOAK'] ? [] : ['test/soak/**'],
    globalSetup: ['test/build-once.ts'],
    pool: 'forks',
    // Chromium, media workers and databases share two cores with the tests.
    maxWorkers: 2,
    sequence: { sequencer: SlowestFirst },
    testTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 120_000,
    // On CI one more try, and the report says so: a browser that another job starved is no broken promise.
    retry: process.env['CI'] ? 1 : 0,
    reporters: ['default'],
  },
});
