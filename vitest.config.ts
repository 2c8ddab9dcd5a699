import { statSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { compilerOptions } from './vite.config.ts';

/** Where a file waits for browsers, servers and media; the longest first, so that what is broken there is seen early. */
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

// What waits for networks to recover takes minutes: `npm run soak` runs it.
const SOAK = process.env['SOAK'] ? [] : ['test/soak/**'];

/** A video call takes more than a core for as long as it lasts: two at a time starve each other. */
const CALLS = [
  'test/browser/{bad-network,call*,cobrowse,devices,firefox,heard,looks,people,recording}.test.ts',
  'test/console/hold.test.ts',
  'test/media/**/*.test.ts',
  'test/soak/**/*.test.ts',
];

export default defineConfig({
  plugins: [svelte({ configFile: false, emitCss: false, compilerOptions })],
  test: {
    // `test/run.ts` runs both side by side.
    projects: [
      { extends: true, test: { name: 'calls', include: CALLS, exclude: SOAK } },
      { extends: true, test: { name: 'the rest', include: ['test/**/*.test.ts'], exclude: CALLS } },
    ],
    globalSetup: ['test/build-once.ts'],
    pool: 'forks',
    // Files that run one after the other share a process, its modules, the bundles of its pages and its Chromium.
    isolate: false,
    maxWorkers: 1,
    sequence: { sequencer: SlowestFirst },
    testTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 120_000,
    // On CI one more try, and the report says so: a browser that another job starved is no broken promise.
    retry: process.env['CI'] ? 1 : 0,
    reporters: ['default'],
  },
});
