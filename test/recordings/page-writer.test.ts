import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeCobrowseFrame, type CobrowseKind } from '../../server/protocol/cobrowse-frame.ts';
import { indexPage } from '../../server/recordings/page-index.ts';
import { PageWriter } from '../../server/recordings/page-writer.ts';
import { itemsIn, namesOf, readPageFile } from './recorded-page.ts';

let dir: string;
let path: string;
let now: number;
let outcomes: string[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mostrador-page-'));
  path = join(dir, 'page.frames');
  now = 1_000_000;
  outcomes = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function writer(options: Partial<ConstructorParameters<typeof PageWriter>[0]> = {}): PageWriter {
  return new PageWriter({
    path,
    startedAt: 1_000_000,
    now: () => now,
    bytesMax: 1_000_000,
    freeBytesMin: 0,
    ended: (outcome) => outcomes.push(outcome),
    ...options,
  });
}

const address = (path: string) =>
  `[{"type":4,"data":{"href":"https://shop.example${path}","width":1000,"height":700}}]`;

/** As the relay gives it: with a whole page a part begins. */
function give(page: PageWriter, kind: CobrowseKind, epoch: number, seq: number, text?: string, packed?: boolean): void {
  page.frame(frame(kind, epoch, seq, text, packed), kind === 'snapshot' ? epoch : null);
}

function frame(kind: CobrowseKind, epoch: number, seq: number, text = '[]', packed = false): Uint8Array {
  const payload = packed ? deflateRawSync(text) : Buffer.from(text);
  return encodeCobrowseFrame({ kind, encoding: packed ? 'deflate-raw' : 'json', channel: 7, epoch, seq }, payload);
}

describe('promise 14: what of the page is recorded', () => {
  it('is every frame as it was sent, with its moment, from the first whole page on; private, and packed', async () => {
    const page = writer();
    give(page, 'events', 5, 8);
    give(page, 'snapshot', 5, 9, address('/a?b'), true);
    for (let seq = 10; seq < 210; seq += 1) {
      now += 10;
      give(page, 'events', 5, seq, `[{"type":3,"data":{"source":3,"id":1,"x":0,"y":${seq}}}]`);
      give(page, 'cursor', 5, 0, '{"x":1,"y":2}');
    }
    await page.stop();
    const items = readPageFile(path);
    expect(namesOf(items).slice(0, 3)).toEqual(['snapshot 5:9', 'events 5:10', 'cursor 5:0']);
    expect(items.length).toBe(401);
    expect(items.map(({ at }) => at)).toEqual([
      0,
      ...Array.from({ length: 400 }, (_, n) => 10 + 10 * Math.floor(n / 2)),
    ]);
    expect(statSync(path).mode & 0o077).toBe(0);
    const sent = items.reduce((sum, item) => sum + (item.kind === 'frame' ? item.frame.byteLength : 0), 0);
    expect(statSync(path).size).toBeLessThan(sent / 4);
  });

  it('what is pointed at and stays is said again with a whole page of the same load, for who begins there', async () => {
    const page = writer();
    const draw = (stroke: number, stays: boolean) => ({
      type: 'stroke' as const,
      epoch: 5,
      stroke,
      shape: 'free' as const,
      stays,
      points: [{ node: 3, fx: 0, fy: 0 }],
    });
    give(page, 'snapshot', 5, 1);
    page.points(draw(1, true));
    page.points({ type: 'wipe', epoch: 5 });
    page.points(draw(2, true));
    page.points(draw(3, false));
    page.points({ type: 'highlight', epoch: 5, node: 4, label: 'This one' });
    page.points({ type: 'point', epoch: 5, node: 4, fx: 0, fy: 0 });
    now += 10_000;
    give(page, 'snapshot', 5, 2);
    now += 10_000;
    give(page, 'snapshot', 6, 1);
    await page.stop();
    const after = (name: string) => {
      const items = readPageFile(path);
      const rest = items.slice(namesOf(items).indexOf(name) + 1);
      const end = rest.findIndex(({ kind }) => kind === 'frame');
      return rest
        .slice(0, end === -1 ? rest.length : end)
        .map((item) => ({ at: item.at, ...(item.kind === 'pointing' && item.pointing) }));
    };
    expect(after('snapshot 5:2')).toEqual([
      { at: 10_000, type: 'wipe', epoch: 5 },
      { at: 10_000, ...draw(2, true) },
      { at: 10_000, type: 'highlight', epoch: 5, node: 4, label: 'This one' },
    ]);
    expect(after('snapshot 6:1')).toEqual([]);
  });

  it('not one byte comes after the stop', async () => {
    const page = writer();
    give(page, 'snapshot', 5, 1);
    const stopped = page.stop();
    give(page, 'events', 5, 2);
    page.points({ type: 'wipe', epoch: 5 });
    await stopped;
    give(page, 'events', 5, 3);
    await page.stop();
    expect(namesOf(readPageFile(path))).toEqual(['snapshot 5:1']);
    expect(outcomes).toEqual([]);
  });

  it('has an index: whole pages to begin from, page loads with their addresses, pointing, and when nothing happens', async () => {
    const page = writer();
    give(page, 'snapshot', 5, 1, address('/a?secret=1'));
    now += 3_000;
    page.points({ type: 'highlight', epoch: 5, node: 4, label: 'here' });
    now += 500;
    page.points({ type: 'highlight', epoch: 5, node: null });
    page.points({ type: 'highlight', epoch: 4, node: 4 });
    now += 1_000;
    give(page, 'snapshot', 5, 2, '[]', true);
    now += 20_000;
    // What a page needs may stand before its address.
    const style = `{"type":5,"data":"${'.a{color:red}'.repeat(9_000)}"}`;
    give(page, 'snapshot', 6, 1, address('/b').replace('[', `[${style},`), true);
    now += 100;
    page.points({ type: 'point', epoch: 6, node: 9, fx: 0.5, fy: 0.5 });
    await page.stop();
    const index = await indexPage(path);
    expect(index.parts.map(({ at, epoch }) => [at, epoch])).toEqual([
      [0, 5],
      [4_500, 5],
      [24_500, 6],
    ]);
    expect(index.pages).toEqual([
      { at: 0, epoch: 5, address: 'https://shop.example/a' },
      { at: 24_500, epoch: 6, address: 'https://shop.example/b' },
    ]);
    expect(index.pointing).toEqual([
      { at: 3_000, by: 'agent' },
      { at: 24_600, by: 'shopper' },
    ]);
    expect(index.active.map(([from]) => from)).toEqual([0, 3_000, 24_500]);
    expect(index.bytes).toBe(statSync(path).size);
    // From any whole page on the rest can be read by itself.
    const last = readFileSync(path).subarray(index.parts[2]?.offset);
    expect(namesOf(itemsIn(last))).toEqual(['snapshot 6:1', 'point']);
  });

  it('wherever a crash cut it off: what is whole is kept, and it goes on behind that', async () => {
    const page = writer();
    give(page, 'snapshot', 5, 1);
    page.points({ type: 'highlight', epoch: 5, node: 1 });
    await page.stop();
    const whole = readFileSync(path);
    const first = (await indexPage(path)).bytes;
    const cut = join(dir, 'cut');
    for (let bytes = 0; bytes < whole.byteLength; bytes += 1) {
      writeFileSync(cut, whole.subarray(0, bytes));
      const again = writer({ path: cut });
      give(again, 'snapshot', 6, 1);
      await again.stop();
      const names = namesOf(readPageFile(cut));
      expect(names.at(-1)).toBe('snapshot 6:1');
      expect(names.length).toBeLessThanOrEqual(2);
    }
    // Garbage in place of a block is none.
    writeFileSync(path, Buffer.concat([whole, Buffer.alloc(500, 255)]));
    expect((await indexPage(path)).bytes).toBe(first);
    truncateSync(path, whole.byteLength);
    expect(namesOf(readPageFile(path))).toEqual(['snapshot 5:1', 'highlight']);
  });

  it('a process that is killed has written everything but its last moment', async () => {
    const script = `
      import { PageWriter } from ${JSON.stringify(join(import.meta.dirname, '../../server/recordings/page-writer.ts'))};
      import { encodeCobrowseFrame } from ${JSON.stringify(join(import.meta.dirname, '../../server/protocol/cobrowse-frame.ts'))};
      const startedAt = Date.now();
      const page = new PageWriter({ path: ${JSON.stringify(path)}, startedAt, now: Date.now, bytesMax: 1e9, freeBytesMin: 0, ended: console.error });
      let seq = 0;
      setInterval(() => {
        const kind = seq === 0 ? 'snapshot' : 'events';
        page.frame(encodeCobrowseFrame({ kind, encoding: 'json', channel: 7, epoch: 5, seq: ++seq }, Buffer.from('[]')), kind === 'snapshot' ? 5 : null);
        process.stdout.write(seq + '\\n');
      }, 5);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (text: Buffer) => (said += text.toString()));
    await expect.poll(() => said.split('\n').length).toBeGreaterThan(400);
    child.kill('SIGKILL');
    await once(child, 'close');
    // Whatever stands in the file is what came first, without a gap; the last block may be half there.
    await writer().stop();
    const names = namesOf(readPageFile(path));
    expect(names.length).toBeGreaterThan(100);
    expect(names).toEqual(names.map((_, n) => `${n === 0 ? 'snapshot' : 'events'} 5:${n + 1}`));
  });

  it('ends where it is full, and what came before can be read', async () => {
    const page = writer({ bytesMax: 2_000 });
    give(page, 'snapshot', 5, 1);
    give(page, 'snapshot', 5, 2, Buffer.from(crypto.getRandomValues(new Uint8Array(3_000))).toString('hex'), true);
    await expect.poll(() => outcomes).toEqual(['full']);
    give(page, 'events', 5, 3);
    await page.stop();
    expect(namesOf(readPageFile(path))).toEqual(['snapshot 5:1']);
  });

  it('a disk that is full, or nearly, ends it and says so once', async () => {
    symlinkSync('/dev/full', path);
    const full = writer();
    give(full, 'snapshot', 5, 1);
    await expect.poll(() => outcomes).toEqual(['failed']);
    give(full, 'events', 5, 2);
    await full.stop();
    rmSync(path);
    const nearly = writer({ freeBytesMin: Number.MAX_SAFE_INTEGER });
    give(nearly, 'snapshot', 5, 1);
    await expect.poll(() => outcomes).toEqual(['failed', 'failed']);
    await nearly.stop();
    expect(statSync(path).size).toBe(0);
  });

  it('one that does not get its file, or cannot keep up, ends as well', async () => {
    const nowhere = writer({ path: join(dir, 'missing', 'page.frames') });
    await expect.poll(() => outcomes).toEqual(['failed']);
    await nowhere.stop();
    const slow = writer();
    const large = new Uint8Array(4 * 1024 * 1024);
    for (let seq = 1; seq <= 9; seq += 1) {
      slow.frame(
        encodeCobrowseFrame({ kind: 'snapshot', encoding: 'deflate-raw', channel: 7, epoch: 5, seq }, large),
        5,
      );
    }
    expect(outcomes).toEqual(['failed', 'failed']);
    await slow.stop();
  });
});
