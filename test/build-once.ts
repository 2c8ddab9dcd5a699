import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Before the first test file: otherwise two servers that start at the same time would both find the build stale and make it. */
export default function buildOnce(): void {
  const root = join(import.meta.dirname, '..');
  const { status } = spawnSync(process.execPath, ['client/build.ts'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error('The browser parts do not build.');
}
