import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** Tests that are like all others, but for the minutes that they wait. */
export function soakTests(): string {
  const { status } = spawnSync(join(root, 'node_modules/.bin/vitest'), ['run', 'test/soak'], {
    cwd: root,
    env: { ...process.env, SOAK: '1' },
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('A test of the soak failed.');
  return 'Tests of networks that get worse and better: passed.';
}
