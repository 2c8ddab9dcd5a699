import { spawn } from 'node:child_process';
import { join } from 'node:path';

/**
 * Every check of the project: what reads the sources side by side, then the tests, those with calls beside all others.
 * `npm test -- PATTERN` runs only those tests.
 */
const root = join(import.meta.dirname, '..');
const only = process.argv.slice(2);
const checks: [string, string[]][] = [
  ['prettier', ['--check', '--log-level', 'warn', '.']],
  ['oxlint', ['--type-aware', '--deny-warnings']],
  ['tsc', ['--noEmit']],
  ['svelte-check', ['--fail-on-warnings', '--output', 'machine']],
];

/** What a check says is shown when it has ended; what the tests say, as they say it. */
async function run(command: string, args: string[], shown: 'at the end' | 'at once'): Promise<boolean> {
  const started = Date.now();
  const stdio = shown === 'at once' ? 'inherit' : 'pipe';
  if (shown === 'at once') console.log(`\n▸ ${command} ${args.join(' ')}`);
  const child = spawn(join(root, 'node_modules/.bin', command), args, { cwd: root, stdio: ['ignore', stdio, stdio] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => (said += text.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (shown === 'at the end') console.log(`\n▸ ${command} ${args.join(' ')}`);
  if (said.trim()) console.log(said.trimEnd());
  console.log(`  ${code === 0 ? 'ok' : 'failed'} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return code === 0;
}

if (only.length > 0) process.exit((await run('vitest', ['run', ...only], 'at once')) ? 0 : 1);
const checked = await Promise.all(checks.map(async ([command, args]) => await run(command, args, 'at the end')));
if (checked.includes(false)) process.exit(1);
const tested = await Promise.all([
  run('vitest', ['run', '--project', 'calls'], 'at once'),
  run('vitest', ['run', '--project', 'the rest'], 'at the end'),
]);
if (tested.includes(false)) process.exit(1);
