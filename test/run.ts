import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Every check of the project, one after another; the first that fails ends it. `npm test -- PATTERN` runs only those tests. */
const root = join(import.meta.dirname, '..');
const only = process.argv.slice(2);
const checks: [string, string[]][] = [
  ['prettier', ['--check', '--log-level', 'warn', '.']],
  ['oxlint', ['--type-aware', '--deny-warnings']],
  ['tsc', ['--noEmit']],
  ['svelte-check', ['--fail-on-warnings', '--output', 'machine']],
];

function run(command: string, args: string[]): void {
  const started = Date.now();
  console.log(`\n▸ ${command} ${args.join(' ')}`);
  const { status } = spawnSync(join(root, 'node_modules/.bin', command), args, { cwd: root, stdio: 'inherit' });
  console.log(`  ${status === 0 ? 'ok' : 'failed'} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  if (status !== 0) process.exit(status ?? 1);
}

if (only.length === 0) for (const [command, args] of checks) run(command, args);
run('vitest', ['run', ...only]);
