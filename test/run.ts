import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

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

/** Runs to its end. What a check says is shown when it has ended; what the tests say, as they say it. */
async function run(
  command: string,
  args: string[],
  shown: 'at the end' | 'at once',
): Promise<{ ok: boolean; said: string }> {
  const started = Date.now();
  if (shown === 'at once') console.log(`\n▸ ${command} ${args.join(' ')}`);
  const env = process.stdout.isTTY ? { ...process.env, FORCE_COLOR: '1' } : process.env;
  const child = spawn(join(root, 'node_modules/.bin', command), args, {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text: Buffer) => {
      said += text.toString();
      if (shown === 'at once') process.stdout.write(text);
    });
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (shown === 'at the end') console.log(`\n▸ ${command} ${args.join(' ')}\n${said.trimEnd()}`);
  console.log(`  ${code === 0 ? 'ok' : 'failed'} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return { ok: code === 0, said };
}

/** As far as it is read here: what vitest's reporter `json` writes. */
interface Report {
  testResults: {
    name: string;
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
}

/** What failed, a paragraph for each test, and for each file that could not even be read. */
function failuresIn(report: string): string[] {
  const { testResults } = JSON.parse(report) as Report;
  return testResults.flatMap(({ name, message, assertionResults }) => {
    const file = name.slice(root.length + 1);
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    if (failed.length === 0) return message ? [`${file}\n  ${message}`] : [];
    return failed.map(({ fullName, failureMessages }) => `${file} > ${fullName}\n  ${failureMessages.join('\n  ')}`);
  });
}

/** The tests of one project, and what failed by the report that is left in the folder `reports`: it is said once more at the very end, whatever the other one says. */
async function runTests(reports: string, project: string, shown: 'at the end' | 'at once'): Promise<string[]> {
  const file = join(reports, `${project}.json`);
  const reporters = ['--reporter', 'default', '--reporter', 'json', '--outputFile.json', file];
  const { ok, said } = await run('vitest', ['run', '--project', project, ...reporters], shown);
  if (ok) return [];
  const failures = existsSync(file) ? failuresIn(readFileSync(file, 'utf8')) : [];
  // An error outside of every test is in no report.
  return failures.length > 0 ? failures : [`${project}:\n${said.slice(-5000)}`];
}

if (only.length > 0) process.exit((await run('vitest', ['run', ...only], 'at once')).ok ? 0 : 1);
const checked = await Promise.all(checks.map(async ([command, args]) => await run(command, args, 'at the end')));
if (checked.some(({ ok }) => !ok)) process.exit(1);
const reports = mkdtempSync(join(tmpdir(), 'mostrador-tests-'));
const tested = [runTests(reports, 'calls', 'at once'), runTests(reports, 'the rest', 'at the end')];
const failures = (await Promise.all(tested)).flat();
rmSync(reports, { recursive: true });
if (failures.length > 0) {
  console.log(`\n▸ failed: ${failures.length}\n\n${stripVTControlCharacters(failures.join('\n\n'))}`);
  process.exit(1);
}
