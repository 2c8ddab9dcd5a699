import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { durationWords } from '../../client/console/office/reports/figures.ts';
import { tilesOf } from '../../client/console/office/reports/shown.ts';
import { loadWords } from '../../client/console/words.ts';
import type { ReportView } from '../../server/protocol/report.ts';
import { openSqlite } from '../../server/storage/sqlite.ts';
import { aConversation } from '../storage/samples.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { signIn } from '../support/wire.ts';

const DAYS = 'from=2026-03-02&to=2026-03-03';
/** Of each conversation: when it came, whether Ana had it, and how far its wait lay from what was told. */
const CAME = [
  { at: '2026-03-02T09:10:00Z', hers: true, wrongBy: -10_000 },
  { at: '2026-03-02T09:20:00Z', hers: true, wrongBy: 20_000 },
  { at: '2026-03-02T09:30:00Z', hers: true, wrongBy: -30_000 },
  { at: '2026-03-03T10:00:00Z', hers: false, wrongBy: 100_000 },
  { at: '2026-03-03T10:10:00Z', hers: false, wrongBy: 200_400 },
];
const TOLD_MS = 60_000;

let server: TestServer;
let cookie: string;
let ana: string;

beforeAll(async () => {
  vi.stubGlobal('document', { documentElement: {} });
  await loadWords(['en']);
  server = await startServer({ TZ: 'UTC' });
  await server.stop();
  const storage = await openSqlite({ dir: server.dataDir });
  const shop = (await storage.shopByKey('demo'))?.id ?? '';
  ana = (await storage.agentByEmail(server.email))?.id ?? '';
  for (const { at, hers, wrongBy } of CAME) {
    const openedAt = Date.parse(at);
    const agent = hers ? { id: ana, name: 'Ana' } : null;
    const record = aConversation(shop, { status: 'closed', agent, openedAt, estimateMs: TOLD_MS });
    await storage.append({ ...record, facts: { ...record.facts, firstWaitMs: TOLD_MS + wrongBy } }, []);
  }
  await storage.close();
  server = await server.restart();
  cookie = await signIn(server);
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await server.remove();
});

async function get(path: string): Promise<Response> {
  return await fetch(`${server.origin}/api/${path}`, { headers: { cookie } });
}

/** A line of a table by its first cell: what stands in the columns of the error. */
async function errorsBy(by: string): Promise<Record<string, (string | undefined)[]>> {
  const response = await get(`reports.csv?${DAYS}&by=${by}`);
  const [head = [], ...lines] = (await response.text())
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','));
  const columns = ['estimate_error_median_s', 'estimate_error_p90_s'].map((name) => head.indexOf(name));
  return Object.fromEntries(lines.map((line) => [line[0], columns.map((column) => line[column])]));
}

describe('promise 26: how wrong the expected waits were', () => {
  it('stands above the charts, with nine tenths of it', async () => {
    const report = (await (await get(`reports?${DAYS}`)).json()) as ReportView;
    const tile = { name: 'Wait told wrong by', value: '30 s', more: 'nine of ten within 3 min 20 s' };
    expect(tilesOf(report)).toContainEqual(tile);
    const nothing = { ...report, total: { ...report.total, estimateError: null } };
    expect(tilesOf(nothing)).toContainEqual({ ...tile, value: '–', more: '' });
  });

  it('is in the tables of days, hours, agents and topics, in seconds', async () => {
    const [first, second] = [
      ['20', '30'],
      ['200.4', '200.4'],
    ];
    expect(await errorsBy('days')).toEqual({ '2026-03-02': first, '2026-03-03': second });
    expect(await errorsBy('hours')).toEqual({ '9': first, '10': second });
    expect(await errorsBy('agents')).toEqual({ [ana]: first, '': second });
    expect(await errorsBy('topics')).toEqual({ '': ['30', '200.4'] });
  });
});

describe('promise 26: times in words', () => {
  it.each([
    [null, '–'],
    [undefined, '–'],
    [0, '0 s'],
    [59_400, '59 s'],
    [59_600, '1 min'],
    [200_000, '3 min 20 s'],
    [7_169_000, '1 h 59 min'],
    [7_171_000, '2 h'],
    [86_399_000, '1 d'],
    [172_700_000, '2 d'],
    [273_600_000, '3 d 4 h'],
  ])('%s ms: %s', (ms, words) => {
    expect(durationWords(ms)).toBe(words);
  });
});
