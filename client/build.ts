import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOCALES } from '../widget/loader/locale.ts';

/** The browser parts are built into `dist/` when their sources changed since the last time, told by a hash of them. */

const root = join(import.meta.dirname, '..');
const stampFile = join(root, 'dist', 'sources.sha256');
const SOURCES = [
  'client/**/*.{ts,svelte,css,html,json,svg}',
  'widget/**/*.{ts,svelte,css,html,json,svg}',
  'server/protocol/**/*.ts',
  // The console says what hours mean while they are settled.
  'server/domain/{hours,wall-clock}.ts',
  'vite.config.ts',
  'package-lock.json',
];
const CATALOGUES = ['client', 'widget', 'widget/call', 'widget/help', 'widget/panel/hands', 'widget/panel/tickets'];

function hashOfSources(): string {
  const hash = createHash('sha256');
  const files = globSync(SOURCES, { cwd: root, exclude: (name) => name === 'compiled' || name === 'demo-shop' });
  for (const file of files.toSorted())
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

/** Compiles the message catalogues. */
export function compileWords(): void {
  const args = [join(root, 'client/compile-words.ts'), ...CATALOGUES];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`The message catalogues do not compile:\n${stderr}`);
}

async function buildAll(): Promise<void> {
  compileWords();
  // Svelte decides by this variable whether it builds for development.
  process.env['NODE_ENV'] = 'production';
  const { build } = await import('vite');
  const { checkBuild, consoleBuild, insideBuild, loaderBuild, panelBuild, replayBuild, seenBuild, windowBuild } =
    await import('../vite.config.ts');
  await build(panelBuild);
  const manifest = manifestOf('widget');
  const panel = manifest['panel/main.ts']?.file;
  if (!panel) throw new Error('The build of the widget has no panel.');
  const ahead = filesAhead(manifest);
  await build(insideBuild);
  const inside = manifestOf('inside')['cobrowse/inner/inside.ts']?.file;
  if (!inside) throw new Error('The build of the widget has nothing for pages inside frames.');
  await build(loaderBuild(panel, ahead, inside));
  await build(windowBuild);
  await build(seenBuild);
  await build(checkBuild);
  await build(consoleBuild);
  await build(replayBuild);
}

export type Manifest = Record<string, { file: string; imports?: string[]; dynamicImports?: string[] }>;

function manifestOf(part: string): Manifest {
  return JSON.parse(readFileSync(join(root, 'dist', part, '.vite/manifest.json'), 'utf8')) as Manifest;
}

/** The files that a module brings in before it runs, its own first. Throws where the build has no such module. */
export function staticFiles(manifest: Manifest, key: string, found = new Set<string>()): Set<string> {
  const part = manifest[key];
  if (!part) throw new Error(`The build of the widget has no ${key}.`);
  if (found.has(part.file)) return found;
  found.add(part.file);
  for (const next of part.imports ?? []) staticFiles(manifest, next, found);
  return found;
}

/** By language: what the loader fetches at once for a chat, a call and a shown page that go on over a page load. */
function filesAhead(manifest: Manifest): Record<string, Record<'chat' | 'call' | 'page', string[]>> {
  const withImports = (...keys: string[]): string[] => [
    ...new Set(keys.flatMap((key) => [...staticFiles(manifest, key)])),
  ];
  return Object.fromEntries(
    LOCALES.map((locale) => {
      const words = `words/compiled/messages/${locale}.js`;
      const chat = withImports('panel/main.ts', words);
      const also = (step: string): string[] =>
        withImports('panel/steps/index.ts', `${words}?steps`, step).filter((file) => !chat.includes(file));
      return [locale, { chat, call: also('call/index.ts'), page: also('cobrowse/index.ts') }];
    }),
  );
}

/**
 * Builds what is stale.
 * @returns true when something had to be built
 */
export async function buildIfStale(log: (line: string) => void): Promise<boolean> {
  const hash = hashOfSources();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hash) return false;
  log('Building the browser parts …');
  await buildAll();
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stampFile, hash);
  return true;
}

if (import.meta.main) await buildIfStale((line) => console.log(line));
