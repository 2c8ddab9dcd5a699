import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildIfStale } from '../../client/build.ts';
import type { Findings } from '../../server/check-masking/findings.ts';
import { secretsIn } from '../../server/check-masking/secrets.ts';
import { ensureChromium } from '../browser/chromium.ts';
import { pixelOf } from './png.ts';

const root = join(import.meta.dirname, '..', '..');
const PLANTED = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Your account</title>
<meta name="csrf-token" content="c5rfT0k3nQ8sLx72Vb9"><script type="text/plain" data-shop="demo" data-query-allow="page"></script>
<style>[data-state] { color: red } p::after { content: attr(data-owner) }</style></head><body>
<h1>Hello</h1><p id="mail">Signed in as ana.perez@shop.example</p><p data-mostrador-mask>luis@shop.example</p>
<p>IBAN ES91 2100 0418 4502 0005 1332, card 4111 1111 1111 1111, telephone +34 600 123 456</p>
<p>Article 1234567890123, 12 lamps, 2026-11-25</p>
<p data-owner="owner-7Gk2pQ9xLm4Zt8Wv" data-internal="never-9Xk2pQ7xLm4Zt8Wv">With an owner</p>
<a href="/orders?page=2&key=K3yThatMustNotLeave77">Orders</a>
<a href="/reset/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.Qm9zdG9uMTIzNDU2">Reset</a>
<form><label>Name <input name="name"></label><label>Coupon <input name="coupon" data-mostrador-unmask></label>
<label>Mail <input type="email" name="mail" data-mostrador-unmask></label>
<label>Password <input type="password" name="secret" data-mostrador-unmask></label>
<input type="hidden" name="basket" value="b4sk3t-Nn81-kkQ2"><textarea aria-label="Note"></textarea>
<div contenteditable aria-label="Letter"></div></form><iframe src="OTHER/clean?key=K3yThatMustNotLeave77"></iframe></body></html>`;
/** Long enough to travel by its hash. */
const SHEET = `body { background: rgb(20, 120, 60) }${' '.repeat(1_200)}`;
const STYLED = `<!doctype html><html lang="en"><head><title>A shop</title><link rel="stylesheet" href="/shop.css"></head>
<body><h1>Lamps</h1></body></html>`;
const CLEAN = `<!doctype html><html lang="en"><head><title>A shop</title></head><body><h1>Lamps</h1><input name="q" aria-label="Search"></body></html>`;

let shop: Server;
let address: string;
let folder: string;

beforeAll(async () => {
  const chromium = ensureChromium();
  if (!chromium.ok) throw new Error(chromium.reason);
  await buildIfStale(() => {});
  folder = mkdtempSync(join(tmpdir(), 'mostrador-check-'));
  const pages: Record<string, string> = {
    '/planted': PLANTED,
    '/clean': CLEAN,
    '/styled': STYLED,
    '/shop.css': SHEET,
  };
  shop = createServer(({ url = '' }, response) => {
    const { pathname } = new URL(url, 'http://shop');
    const page = pages[pathname];
    const type = pathname.endsWith('.css') ? 'text/css' : 'text/html';
    response
      .writeHead(page ? 200 : 404, { 'Content-Type': type })
      .end(page?.replace('OTHER', address.replace('127.0.0.1', 'localhost')) ?? 'nothing');
  }).listen(0, '127.0.0.1');
  await once(shop, 'listening');
  address = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
});
afterAll(() => {
  shop.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The command as a person runs it, by whatever Node there is. */
async function mostrador(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(root, 'server', 'mostrador.js'), ...args], {
    env: { ...process.env, ...env },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (err += text.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, err };
}

describe('promise 6: a shop can see what would leave (`mostrador check-masking`)', () => {
  it('fields, texts, addresses and attributes of a page, and what of it looks like somebody’s own', async () => {
    const file = join(folder, 'seen.png');
    const { code, out } = await mostrador([
      'check-masking',
      `${address}/planted?page=1&key=abc`,
      '--json',
      '--picture',
      file,
    ]);
    const found = JSON.parse(out) as Findings;
    expect(code).toBe(1);
    expect(Object.fromEntries(found.fields.map(({ label, leaves }) => [label, leaves]))).toEqual({
      Name: 'dots',
      Coupon: 'as it is',
      Mail: 'as it is',
      Password: 'nothing',
      basket: 'nothing',
      Note: 'dots',
      Letter: 'dots',
    });
    const kinds = found.secrets.map(({ kind, value }) => `${kind} ${value}`);
    expect(kinds.toSorted()).toEqual([
      'IBAN ES91 2100 0418 4502 0005 1332',
      'card 4111 1111 1111 1111',
      'e-mail ana.perez@shop.example',
      expect.stringMatching(/^e-mail sample\d+@shop\.example$/),
      'phone +34 600 123 456',
      expect.stringMatching(/^token eyJhbGci/),
      'token owner-7Gk2pQ9xLm4Zt8Wv',
    ]);
    expect(found.addresses.page).toEqual([`${address}/planted?page=1`]);
    expect(found.framed).toEqual([`${address.replace('127.0.0.1', 'localhost')}/clean`]);
    expect(found.texts).not.toContain('Lamps');
    expect(found.addresses.links).toContain(`${address}/orders?page=2`);
    for (const kept of ['luis@', 'c5rfT0k3n', 'never-9Xk2', 'K3yThat', 'b4sk3t']) expect(out).not.toContain(kept);
    expect(readFileSync(file).subarray(1, 4).toString()).toBe('PNG');
  });

  it('the picture looks as the page does, with a style sheet that travels by its hash', async () => {
    const file = join(folder, 'styled.png');
    const { code, err } = await mostrador(['check-masking', `${address}/styled`, '--picture', file]);
    expect([code, err]).toEqual([0, '']);
    const png = readFileSync(file);
    const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
    expect(pixelOf(png, Math.floor(width / 2), Math.floor(height / 2))).toEqual([20, 120, 60]);
  });

  it('a page of which nothing looks like that, for people, with all text masked', async () => {
    const { code, out, err } = await mostrador(['check-masking', `${address}/clean`, '--mask-text', 'all']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('dots       Search (text)');
    expect(out).not.toContain('Lamps');
    expect(out).toContain('Nothing that leaves looks like somebody’s own.');
  });

  it.each([
    ['an address that is none', ['shop'], {}, 'Which page?'],
    ['an option that is none', ['http://127.0.0.1/', '--mask'], {}, "'--mask'"],
    ['nobody there', ['http://127.0.0.1:9/'], {}, 'could not be opened'],
    ['no such page', ['SHOP/nothing'], {}, 'answered 404'],
    ['no Chromium', ['http://127.0.0.1/'], { CHROMIUM: '/nowhere/chromium' }, 'There is no Chromium'],
  ] as const)('says in a sentence what is wrong, and exits with 2: %s', async (_, args, env, said) => {
    const { code, out, err } = await mostrador(
      ['check-masking', ...args.map((arg) => arg.replace('SHOP', address))],
      env,
    );
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(said);
    expect(err).not.toContain('    at ');
  });

  it('knows keys and numbers of people from article numbers, dates and words', () => {
    const kinds = (text: string, machine = true) => secretsIn(text, machine).map(({ kind }) => kind);
    expect(kinds('ES91 2100 0418 4502 0005 1332')).toEqual(['IBAN']);
    expect(kinds('ES91 2100 0418 4502 0005 1333')).not.toContain('IBAN');
    expect(kinds('4111111111111112')).not.toContain('card');
    for (const text of ['2026-11-25', '1234567890123', '€ 1.299,00', '12 345', '127.0.0.1:4600'])
      expect(kinds(text), text).toEqual([]);
    for (const text of ['/lamps/table-lamp-with-linen-shade', 'product-card__title--large', 'SummerSaleTwentyPercent'])
      expect(kinds(text), text).toEqual([]);
    expect(kinds('3f2a9c1be07d44aa9f10c2d3e4f5a6b7')).toEqual(['token']);
    expect(kinds('3f2a9c1be07d44aa9f10c2d3e4f5a6b7', false)).toEqual([]);
  });
});
