import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Chromium } from '../browser/chromium.ts';
import type { CallRecording, Media } from '../../server/media/media.ts';
import { assemble } from '../../server/media/recording/assemble.ts';
import { findFfmpeg, type Ffmpeg } from '../../server/media/recording/ffmpeg.ts';
import { Recorder } from '../../server/media/recording/recorder.ts';
import { readNotes } from '../../server/media/recording/segment-note.ts';
import { launchChromium, openStage, type Stage } from './call-stage.ts';
import { probe, writersIn } from './recorded.ts';
import { startRealMedia } from './real-media.ts';

let ffmpeg: Ffmpeg;
let media: Media;
let browser: Chromium;
let stage: Stage;
let folder: string;
let failures: Error[];
let recording: CallRecording | null = null;
let startedAt: number;

beforeAll(async () => {
  const found = await findFfmpeg({ wanted: true, path: null });
  if (!found.ok) throw new Error(found.reason);
  ffmpeg = found.ffmpeg;
  ({ media } = await startRealMedia({ recorder: new Recorder(ffmpeg) }));
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await media.close();
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mostrador-recording-'));
  failures = [];
  stage = await openStage(media, browser);
});
afterEach(async () => {
  await recording?.stop();
  recording = null;
  for (const context of browser.contexts()) await context.close();
  await stage.close();
  rmSync(folder, { recursive: true, force: true });
});

async function talking(): Promise<{ ana: Page; ben: Page }> {
  const [ana, ben] = [await stage.open('ana'), await stage.open('ben')];
  for (const page of [ana, ben]) {
    await page.evaluate(async () => {
      window.tab.start({ video: true });
      await window.tab.session?.openDevices({ microphone: true, camera: true });
    });
  }
  for (const page of [ana, ben]) {
    await page.evaluate(async () => {
      await window.tab.until(({ phase, remotes: [other] }) => phase === 'prepared' && other?.camera === 'off');
      await window.tab.connected();
    });
  }
  await ben.evaluate(async () => await window.tab.answer());
  await ana.evaluate(async () => await window.tab.changingFrames('ben', 3));
  await ben.evaluate(async () => await window.tab.changingFrames('ana', 3));
  return { ana, ben };
}

function record(): void {
  startedAt = Date.now();
  recording = stage.call.record({
    folder,
    startedAt,
    personOf: (member) => (member === 'ana' ? { side: 'agent', id: 'a1', name: 'Ana' } : { side: 'shopper' }),
    failed: (error) => failures.push(error),
  });
}

/** Waits until a file of each wanted source has that many bytes. */
async function written(sources: number, bytes = 20_000): Promise<void> {
  await expect
    .poll(() => readdirSync(folder).filter((name) => /\.(webm|mp4)$/.test(name) && sizeOf(name) > bytes).length, {
      timeout: 30_000,
    })
    .toBeGreaterThanOrEqual(sources);
}

function sizeOf(name: string): number {
  return readFileSync(join(folder, name)).byteLength;
}

const done = async () =>
  await assemble(ffmpeg, { folder, seconds: (Date.now() - startedAt) / 1000, signal: new AbortController().signal });

describe('promise 14: recorded only with both yeses: the files', () => {
  test('a file for each source, as it was sent; a camera that is off is not recorded; one file with everything', async () => {
    const { ana, ben } = await talking();
    const before = (await media.counts()).consumers;
    expect(readdirSync(folder)).toEqual([]);
    expect(writersIn(folder)).toEqual([]);
    record();
    await written(4);
    expect((await media.counts()).consumers).toBe(before + 4);
    await ben.evaluate(async () => await window.tab.session?.setCamera(false));
    await expect.poll(() => writersIn(folder).length).toBe(3);
    await ben.evaluate(async () => await window.tab.session?.setCamera(true));
    await written(5);
    await recording?.stop();
    expect(writersIn(folder)).toEqual([]);
    await expect.poll(async () => (await media.counts()).consumers).toBe(before);
    // The call goes on as it was.
    await ana.evaluate(async () => await window.tab.changingFrames('ben', 3));
    expect(failures).toEqual([]);

    const notes = readNotes(folder);
    expect(notes.map(({ person, source }) => `${person.side} ${source}`).toSorted()).toEqual([
      'agent camera',
      'agent microphone',
      'shopper camera',
      'shopper camera',
      'shopper microphone',
    ]);
    for (const { file, kind } of notes) {
      const { streams, seconds, firstKey } = probe(join(folder, file));
      expect(streams.map(({ codec_name: codec }) => codec)).toEqual([kind === 'audio' ? 'opus' : 'vp8']);
      expect(seconds).toBeGreaterThan(0.5);
      if (kind === 'video') expect(firstKey).toBe(true);
    }

    const made = await done();
    expect(made.tracks).toHaveLength(3);
    const again = made.tracks.filter(({ person }) => person.side === 'shopper');
    expect((again[0]?.at ?? 0) + (again[0]?.seconds ?? 0)).toBeLessThan(again[1]?.at ?? 0);
    const sound = probe(join(folder, made.sound));
    expect(sound.seconds).toBeGreaterThan(made.seconds - 0.2);
    const whole = probe(join(folder, made.whole));
    expect(whole.streams.map(({ codec_name: codec }) => codec)).toEqual(['vp8', 'vp8', 'opus']);
    expect(whole.streams.map(({ tags }) => tags?.title)).toContain('Ana (camera)');
    expect(Math.abs(whole.seconds - made.seconds)).toBeLessThan(0.5);
    // Every frame of every track can be decoded.
    execFileSync('ffmpeg', ['-v', 'error', '-xerror', '-i', join(folder, made.whole), '-map', '0', '-f', 'null', '-']);
  });
});
