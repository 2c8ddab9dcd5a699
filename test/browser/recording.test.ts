import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { probe, writersIn } from '../media/recorded.ts';
import { placeInConsole, replayFrame } from '../cobrowse/support/picture.ts';
import { signIn } from '../support/wire.ts';
import type { AgentDesk } from './agent-desk.ts';
import { framesOf } from './media-probe.ts';
import type { ShopVisit } from './shop-visit.ts';
import { Stage } from './stage.ts';
import { leave, mediaReady, videoCall } from './video-call.ts';

let stage: Stage;
let agentOfTest: AgentDesk | null = null;
/** What other tests have left. */
let earlier: string[] = [];
beforeAll(async () => {
  stage = await Stage.open();
  await mediaReady(stage);
});
beforeEach(() => (earlier = everyFile()));
afterEach(async () => {
  await leave(stage, agentOfTest);
  agentOfTest = null;
});
afterAll(async () => await stage.close());

async function inCall(): Promise<{ shopper: ShopVisit; agent: AgentDesk }> {
  const people = await videoCall(stage);
  agentOfTest = people.agent;
  return people;
}

const recordings = (): string => join(stage.server.dataDir, 'recordings');
const everyFile = (): string[] =>
  existsSync(recordings()) ? readdirSync(recordings(), { recursive: true }).map(String) : [];
const files = (): string[] => everyFile().filter((name) => !earlier.includes(name));
const notes = (): number => files().filter((name) => name.endsWith('.json')).length;
/** A note stands beside each file that something has come into. */
const written = async (count: number): Promise<void> =>
  await expect.poll(() => notes(), { timeout: 60_000 }).toBe(count);

/** What is put together gives way to calls: on a busy machine that takes its time. */
const PUT_TOGETHER = { timeout: 90_000 };

/** How far, in seconds, each picture that is shown is from where the sound is. */
async function apart(agent: AgentDesk): Promise<number[]> {
  return await agent.page.evaluate(async () => {
    const sound = document.querySelector('dialog audio') as HTMLAudioElement;
    const videos = [...document.querySelectorAll<HTMLVideoElement>('dialog video')];
    const { tracks } = (await (await fetch(sound.src.replace(/\/sound$/, ''))).json()) as {
      tracks: { n: number; at: number }[];
    };
    return videos.map((video) => {
      const at = tracks.find(({ n }) => video.src.endsWith(`/${n}`))?.at ?? NaN;
      return video.readyState < 2 || video.seeking ? NaN : Math.abs(sound.currentTime - at - video.currentTime);
    });
  });
}

function mediaWorkerOf(server: number): number {
  const children = readFileSync(`/proc/${server}/task/${server}/children`, 'utf8').trim().split(' ').map(Number);
  const worker = children.find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('mediasoup-worker'));
  if (!worker) throw new Error('no media worker');
  return worker;
}

async function recording(people: { shopper: ShopVisit; agent: AgentDesk }, sources = 4): Promise<void> {
  await people.agent.button('Ask to record the call').click();
  await people.shopper.button('Allow').click();
  await people.agent.page.getByText('Recording the call', { exact: true }).waitFor();
  await expect.poll(() => writersIn(recordings()).length, { timeout: 60_000 }).toBe(sources);
}

describe('promise 14: recorded only with both yeses', () => {
  it('asked, allowed, shown to both over a page load, stopped; then played, downloaded, deleted', async () => {
    const people = await inCall();
    const { shopper, agent } = people;
    await agent.button('Ask to record the call').click();
    await shopper.widget.getByText(/Ana would like to record this call and keep it for 30 days/).waitFor();
    await agent.page.getByText(/Waiting for the shopper's yes to record/).waitFor();
    // Without the yes there is no file and no process.
    expect(files()).toEqual([]);
    expect(writersIn(stage.server.dataDir)).toEqual([]);
    await shopper.button('Not now').click();
    await agent.sees('The shopper did not want the call recorded');
    expect(files()).toEqual([]);

    await recording(people);
    await shopper.button(/^Recording the call/).waitFor();
    // However busy the machine is, they listen as well as the server does.
    const own = getPriority(stage.server.pid);
    expect(writersIn(recordings()).map((pid) => getPriority(pid))).toEqual([own, own, own, own]);
    await written(4);
    // However small the call is shown, and on the next page: it says so.
    await shopper.page.keyboard.press('Escape');
    await shopper.button(/^Recording the call/).waitFor();
    await shopper.goto('/demo/product/table-lamp.html');
    await shopper.button(/^Recording the call/).waitFor();
    await written(6);
    await expect.poll(async () => await framesOf(agent.remotePicture)).toBeGreaterThan(3);
    const later = files().filter((name) => /\/[56]\.webm$/.test(name));
    await expect.poll(() => later.every((name) => statSync(join(recordings(), name)).size > 30_000)).toBe(true);
    await agent.button('Stop recording').click();
    await shopper.button(/^Recording the call/).waitFor({ state: 'detached' });
    await expect.poll(() => writersIn(recordings())).toEqual([]);
    expect(await framesOf(agent.remotePicture)).toBeGreaterThan(3);

    await agent.button('Play the recording').click();
    const dialog = agent.page.getByRole('dialog', { name: 'Recorded call' });
    await dialog.getByRole('button', { name: 'Play', exact: true }).click(PUT_TOGETHER);
    const faces = dialog.locator('video[data-part="recorded-camera"]');
    await expect.poll(async () => await faces.count()).toBe(2);
    await expect.poll(async () => await framesOf(faces.first())).toBeGreaterThan(5);
    await dialog.getByRole('button', { name: 'Pause' }).click();
    // Wherever the line is put, the pictures are there at the same moment as the sound.
    for (const moment of ['1.5', '0.8', '2.5']) {
      await dialog.getByRole('slider', { name: 'Position' }).fill(moment);
      await expect.poll(async () => (await apart(agent)).every((seconds) => seconds < 0.1)).toBe(true);
    }
    const [download] = await Promise.all([agent.page.waitForEvent('download'), dialog.getByText('Download').click()]);
    const saved = join(stage.server.dataDir, 'downloaded.mkv');
    await download.saveAs(saved);
    const { streams, seconds } = probe(saved);
    expect(streams.map(({ codec_name: codec }) => codec)).toEqual(['vp8', 'vp8', 'opus']);
    expect(seconds).toBeGreaterThan(2);

    await dialog.getByRole('button', { name: 'Delete' }).click();
    await dialog.getByRole('button', { name: 'Really delete?' }).click();
    await dialog.getByText('This recording has been deleted.').waitFor();
    expect(files().filter((name) => /\.(webm|mkv|json)$/.test(name))).toEqual([]);
    await dialog.getByRole('button', { name: 'Close the recording' }).click();
    await agent.button('Hang up').click();
    expect(shopper.errors).toEqual([]);
  });

  it('call and page are played together, with what was pointed at and drawn wherever one jumps to', async () => {
    const { shopper, agent } = await inCall();
    // Nobody speaks.
    await shopper.button('Turn the microphone off').click();
    await agent.button('Turn microphone off').click();
    await shopper.goto('/demo/product/table-lamp.html');
    await agent.button('Look together').click();
    await shopper.button('Show my page').click();
    const live = await replayFrame(agent.page);
    await agent.button('Ask to record the call and the page').click();
    await shopper.button('Allow').click();
    await agent.page.getByText('Recording the call and the page', { exact: true }).waitFor();
    await expect.poll(() => writersIn(recordings()).length).toBeGreaterThan(1);
    const heading = await placeInConsole(agent.page, live, 'h1');
    await agent.page.mouse.click(heading.x + heading.width / 2, heading.y + heading.height / 2);
    const bar = agent.page.getByRole('toolbar', { name: 'Pointing' });
    await bar.getByRole('textbox').fill('This is the one');
    await bar.getByRole('textbox').press('Enter');
    await bar.getByRole('button', { name: 'Draw', exact: true }).click();
    await bar.getByRole('button', { name: 'Keep drawings until you clear them' }).click();
    await agent.page.mouse.move(heading.x, heading.y + heading.height);
    await agent.page.mouse.down();
    await agent.page.mouse.move(heading.x + heading.width, heading.y + heading.height, { steps: 5 });
    await agent.page.mouse.up();
    await agent.say('After that');
    await agent.sees('After that');
    await agent.button('Stop recording').click();

    await agent.button('Play the recording').click();
    const dialog = agent.page.getByRole('dialog', { name: 'Recorded call and page' });
    const position = dialog.getByRole('slider', { name: 'Position' });
    await position.waitFor(PUT_TOGETHER);
    const handle = await dialog.locator('iframe[data-part="recorded-page"]').elementHandle();
    const player = await handle?.contentFrame();
    const marked = async (): Promise<unknown> =>
      await player?.evaluate(() => {
        const mark = document.querySelector<HTMLElement>('.mark');
        const strokes = document.querySelectorAll('.strokes path[d^="M"]').length;
        return { label: mark?.hidden === false ? mark.dataset['label'] : null, strokes };
      });
    await position.fill('0');
    await expect.poll(marked).toEqual({ label: null, strokes: 0 });
    const end = Number(await position.getAttribute('max'));
    await position.fill(String(end));
    await expect.poll(marked).toEqual({ label: 'This is the one', strokes: 1 });
    await position.fill('0');
    await expect.poll(marked).toEqual({ label: null, strokes: 0 });
    await dialog.getByRole('button', { name: 'Close the recording' }).click();
    await agent.button('Hang up').click();
    expect(shopper.errors).toEqual([]);
  });

  it('goes on by itself when the media worker or the server is killed, for as long as both agree', async () => {
    const people = await inCall();
    const { shopper, agent } = people;
    await recording(people);
    await written(4);
    const worker = mediaWorkerOf(stage.server.pid);
    process.kill(worker, 'SIGKILL');
    // Four sources came back: four more files, and the sign was there all the time.
    await written(8);
    await shopper.button(/^Recording the call/).waitFor();
    await stage.server.kill();
    // Nobody writes on for a server that is not there.
    await expect.poll(() => writersIn(recordings())).toEqual([]);
    stage.server = await stage.server.restart();
    await written(12);
    await shopper.button(/^Recording the call/).waitFor();
    await shopper.button(/^Recording the call/).click();
    await agent.sees(/The call was recorded/);
    await expect.poll(() => writersIn(recordings()), PUT_TOGETHER).toEqual([]);
    await expect.poll(async () => await framesOf(agent.remotePicture)).toBeGreaterThan(3);
    await agent.button('Hang up').click();
  });

  it('an ffmpeg that dies ends it, and that is said; the call goes on, and what was written can be played', async () => {
    const people = await inCall();
    const { shopper, agent } = people;
    await recording(people);
    await written(4);
    const [pid] = writersIn(recordings());
    process.kill(pid ?? 0, 'SIGKILL');
    await agent.sees(/The recording stopped by itself/);
    await shopper.sees(/The recording broke off/);
    await shopper.button(/^Recording the call/).waitFor({ state: 'detached' });
    await expect.poll(() => writersIn(recordings())).toEqual([]);
    await expect.poll(async () => await framesOf(agent.remotePicture)).toBeGreaterThan(3);

    // Who may have it: the shop's agents, signed in; and parts of it, as players ask for them.
    await agent.button('Play the recording').click();
    const sound = agent.page.locator('dialog audio');
    await sound.waitFor({ state: 'attached', ...PUT_TOGETHER });
    const address = (await sound.getAttribute('src')) ?? '';
    const of = (path: string) => `${stage.server.origin}${path}`;
    const cookie = await signIn(stage.server);
    const part = await fetch(of(address), { headers: { cookie, range: 'bytes=10-19' } });
    expect(part.status).toBe(206);
    expect((await part.arrayBuffer()).byteLength).toBe(10);
    expect(part.headers.get('content-security-policy')).toContain('sandbox');
    expect(part.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await fetch(of(address), { headers: { cookie, range: 'bytes=99999999-' } })).status).toBe(416);
    const whole = address.replace(/sound$/, 'whole');
    const downloaded = await fetch(of(whole), { headers: { cookie } });
    expect(downloaded.headers.get('content-disposition')).toMatch(/^attachment; filename="call-[\d-]+\.mkv"$/);
    await downloaded.body?.cancel();
    expect((await fetch(of(address))).status).toBe(401);
    const folder = address.replace(/\/sound$/, '');
    for (const wrong of [
      address.replace(/conversations\/[^/]+/, 'conversations/another'),
      `${folder}/..%2f..%2fmostrador.sqlite`,
      `${folder}/0`,
      `${folder}/1.json`,
    ]) {
      expect((await fetch(of(wrong), { headers: { cookie } })).status).toBe(404);
    }
    // A foreign page cannot delete with the agent's cookie.
    const foreign = await fetch(of(folder), { method: 'DELETE', headers: { cookie, origin: 'https://evil.example' } });
    expect(foreign.status).toBe(403);
    expect((await fetch(of(folder), { headers: { cookie } })).status).toBe(200);
    await agent.page.getByRole('button', { name: 'Close the recording' }).click();
    await agent.button('Hang up').click();
  });
});
