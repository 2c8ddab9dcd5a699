import { callFirstFrameBenchmark } from './call-first-frame.ts';
import { callPageLoadBenchmark } from './call-page-load.ts';
import { callWorkerKillBenchmark } from './call-worker-kill.ts';
import { chatBenchmark, idleShopperBenchmark } from './chat.ts';
import { cobrowseBenchmark } from './cobrowse.ts';
import { bytesBenchmark } from './cobrowse-bytes.ts';
import { pictureBenchmark } from './cobrowse-picture.ts';
import { slowUplinkBenchmark } from './cobrowse-slow-uplink.ts';
import { consoleMemoryBenchmark } from './console-memory.ts';
import type { Benchmark, Figure } from './figure.ts';
import { reportBenchmark } from './report.ts';
import { sfuCpuBenchmark } from './sfu-cpu.ts';
import { recorderBenchmark } from './recorder.ts';
import { sizesBenchmark } from './sizes.ts';
import { startBenchmark } from './start.ts';

/** `npm run bench [-- PATTERN…] [--json]`: every figure whose name has it in it, beside the bare thing, in this run. */
const BENCHMARKS: Benchmark[] = [
  sizesBenchmark,
  startBenchmark,
  chatBenchmark,
  idleShopperBenchmark,
  cobrowseBenchmark,
  bytesBenchmark,
  pictureBenchmark,
  slowUplinkBenchmark,
  callFirstFrameBenchmark,
  callPageLoadBenchmark,
  callWorkerKillBenchmark,
  sfuCpuBenchmark,
  recorderBenchmark,
  consoleMemoryBenchmark,
  reportBenchmark,
];

const json = process.argv.includes('--json');
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const known = BENCHMARKS.flatMap(({ names }) => names);
const isWanted = (name: string): boolean => wanted.length === 0 || wanted.some((pattern) => name.includes(pattern));
const unknown = wanted.filter((pattern) => !known.some((name) => name.includes(pattern)));
if (unknown.length > 0) {
  console.error(`No such figure: ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
  process.exit(1);
}

function short(value: number | null): string {
  if (value === null) return '–';
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2);
}

function row({ name, unit, ours, spread, bare, ratio, note }: Figure): string {
  const cells = [name.padEnd(24), `${short(ours)} ±${short(spread)}`.padEnd(18), short(bare).padEnd(10)];
  return [...cells, short(ratio).padEnd(7), unit.padEnd(6), note].join(' ');
}

const figures: Figure[] = [];
console.log(
  row({ name: 'figure', unit: '', ours: Number.NaN, spread: 0, bare: null, ratio: null, note: '' }).replace(
    /NaN.*/,
    'ours (± spread)    bare       ratio   unit   what',
  ),
);
for (const { names, run } of BENCHMARKS) {
  if (!names.some(isWanted)) continue;
  for (const result of await run()) {
    if (!isWanted(result.name)) continue;
    figures.push(result);
    console.log(row(result));
  }
}
if (json) {
  const rows = figures.map(({ name, unit, ours, bare, ratio }) => ({ name, unit, ours, bare, ratio }));
  console.log(JSON.stringify({ figures: rows }));
}
process.exit(0);
