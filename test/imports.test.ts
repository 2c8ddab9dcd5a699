import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

/** A room is a folder; a packages list of `*` means any. Node's own modules go by `node:`. */
type Rule = { rooms: string[]; packages: string[] };

/** The table of ARCHITECTURE.md. */
const TABLE: Record<string, Rule> = {
  'server/protocol': { rooms: [], packages: ['valibot'] },
  'server/domain': { rooms: ['server/protocol'], packages: [] },
  'server/storage': { rooms: ['server/protocol'], packages: ['node:', 'kysely', 'pg'] },
  'server/media': { rooms: ['server/protocol'], packages: ['node:', 'mediasoup'] },
  'server/recordings': {
    rooms: ['server/protocol', 'server/storage/storage.ts', 'server/media/media.ts'],
    packages: ['node:'],
  },
  'server/mail': {
    rooms: ['server/protocol', 'server/storage/storage.ts'],
    packages: ['node:', 'nodemailer', 'imapflow', 'postal-mime'],
  },
  'server/frames': { rooms: ['server/protocol'], packages: ['node:'] },
  'server/files': { rooms: ['server/protocol', 'server/storage/storage.ts'], packages: ['node:', 'file-type'] },
  'server/rooms': {
    rooms: [
      'server/protocol',
      'server/domain',
      'server/storage/storage.ts',
      'server/media/media.ts',
      'server/recordings/recordings.ts',
      'server/frames/frame-check.ts',
      'server/files/files.ts',
      'server/mail/mail.ts',
      'server/mail/letters.ts',
    ],
    packages: ['node:crypto'],
  },
  'server/http': {
    rooms: [
      'server/protocol',
      'server/rooms',
      'server/storage/storage.ts',
      'server/recordings/recordings.ts',
      'server/files/files.ts',
    ],
    packages: ['node:', 'hono', '@hono/node-server', 'ws', 'valibot', 'rate-limiter-flexible', 'prom-client'],
  },
  'server/check-masking': {
    rooms: [
      'server/protocol',
      'server/http/policies.ts',
      'server/http/static-files.ts',
      'widget/check-masking',
      'client/build.ts',
    ],
    packages: ['node:', 'hono', '@hono/node-server', 'playwright-core'],
  },
  'client/core': { rooms: ['server/protocol'], packages: ['mediasoup-client'] },
  'client/console': {
    rooms: ['client/core', 'client/replay/port.ts', 'client/words', 'server/protocol', 'server/domain/hours.ts'],
    packages: ['svelte', '@lucide/svelte', 'bits-ui', 'uplot'],
  },
  'client/replay': { rooms: ['server/protocol'], packages: ['@rrweb/replay', '@rrweb/types', 'valibot'] },
  'widget/panel': {
    rooms: [
      'client/core',
      'server/protocol',
      'widget/call',
      'widget/cobrowse',
      'widget/help',
      'widget/loader',
      'widget/words',
    ],
    packages: ['svelte', '@lucide/svelte'],
  },
  'widget/call': {
    rooms: ['client/core', 'server/protocol', 'widget/panel', 'widget/loader', 'widget/words'],
    packages: ['svelte', '@lucide/svelte'],
  },
  'widget/help': {
    rooms: ['client/core', 'server/protocol', 'widget/panel', 'widget/loader'],
    packages: ['svelte', 'minisearch'],
  },
  'widget/cobrowse': { rooms: ['server/protocol'], packages: [] },
  'widget/check-masking': { rooms: ['widget/cobrowse', 'server/protocol'], packages: [] },
  'widget/seen': {
    rooms: ['client/replay/port.ts', 'widget/cobrowse/window-words.ts', 'widget/loader', 'widget/words'],
    packages: [],
  },
  'widget/demo-shop': { rooms: [], packages: ['node:'] },
};

/** What every page of a shop pays for: besides its own folder, types only. */
const LOADER = ['widget/loader.ts', 'widget/loader', 'widget/words'];

type Import = { file: string; target: string; typeOnly: boolean };

function importsOf(file: string): Import[] {
  const source = readFileSync(join(root, file), 'utf8');
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;
  return [...source.matchAll(pattern)].map(([, type, fixed, dynamic]) => ({
    file,
    target: fixed ?? dynamic ?? '',
    typeOnly: Boolean(type),
  }));
}

function resolved({ file, target }: Import): string {
  return target.startsWith('.') ? normalize(join(dirname(file), target)) : target;
}

function within(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`) || (folder.endsWith(':') && path.startsWith(folder));
}

function forbidden(room: string, rule: Rule): string[] {
  const files = globSync(`${room}/**/*.{ts,svelte}`, { cwd: root, exclude: (name) => name === 'compiled' });
  expect(files.length, `${room} has files`).toBeGreaterThan(0);
  return files.flatMap(importsOf).flatMap((each) => {
    const target = resolved(each);
    const allowed = each.target.startsWith('.') ? [room, ...rule.rooms] : rule.packages;
    return allowed.some((folder) => within(target, folder)) ? [] : [`${each.file} imports ${target}`];
  });
}

describe('architecture: a room imports only what the table of ARCHITECTURE.md lets it', () => {
  for (const [room, rule] of Object.entries(TABLE)) {
    it(room, () => expect(forbidden(room, rule)).toEqual([]));
  }

  it('the loader imports types, its own folder and its few words, and nothing else at run time', () => {
    const files = ['widget/loader.ts', ...globSync('widget/loader/**/*.ts', { cwd: root })];
    const wrong = files
      .flatMap(importsOf)
      .filter((each) => !each.typeOnly)
      .map(resolved)
      .filter((target) => !LOADER.some((own) => within(target, own)));
    expect(wrong).toEqual([]);
  });

  it('domain has no clock, randomness, timers or promises', () => {
    const files = globSync('server/domain/**/*.ts', { cwd: root });
    const found = files.filter((file) =>
      /\bDate\.now|\bDate\(\s*\)|\bperformance\b|Math\.random|setTimeout|setInterval|\bPromise\b|\basync\b|\bawait\b|crypto/.test(
        readFileSync(join(root, file), 'utf8'),
      ),
    );
    expect(found).toEqual([]);
  });
});
