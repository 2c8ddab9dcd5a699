import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { buildIfStale } from '../../client/build.ts';
import { CHROMIUM_ARGUMENTS, findChromium } from './chromium.ts';
import { findingsOf } from './findings.ts';
import { picture } from './picture.ts';
import { report } from './report.ts';
import { NotChecked, visit } from './visit.ts';

export const USAGE = `mostrador check-masking URL [--mask-text all] [--query-allow page,sort] [--storage-state FILE]
                        [--picture FILE.png] [--json]

Opens a page of your shop in Chromium, fills its fields with samples, and says what would leave a shopper's browser
while an agent looks at it. Settings of the script tag on the page hold; the options try others.

  --mask-text all        as with data-mask-text="all" on the script tag
  --query-allow NAMES    as with data-query-allow
  --storage-state FILE   cookies and storage of somebody who is signed in, as playwright saves them
  --picture FILE.png     what the agent would see
  --json                 everything that was found, for programs

Exits with 0 when nothing that leaves looks like somebody's own, with 1 when something does, and with 2 when the page
could not be checked. CHROMIUM=/path/to/it names the browser.`;

const DIST = join(import.meta.dirname, '..', '..', 'dist');

type Output = { out: (text: string) => void; err: (text: string) => void };

/** @returns the exit code */
export async function checkMasking(args: string[], env: NodeJS.ProcessEnv, { out, err }: Output): Promise<0 | 1 | 2> {
  try {
    const wanted = read(args);
    const executablePath = findChromium(env['CHROMIUM']);
    if (!executablePath)
      throw new NotChecked(
        'There is no Chromium on this machine: install one (apt-get install chromium), or say where it is with CHROMIUM=/path/to/it.',
      );
    await buildIfStale(err);
    const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGUMENTS }).catch((cause: unknown) => {
      throw new NotChecked(`${executablePath} could not be started: ${firstLine(cause)}`, { cause });
    });
    try {
      const script = join(DIST, 'check-masking', 'record-page.js');
      const seen = await visit(browser, { ...wanted, script });
      const findings = findingsOf(seen.events, seen.fields, seen.framed);
      if (wanted.picture) await writeFile(wanted.picture, await picture(browser, seen, DIST));
      out(wanted.json ? JSON.stringify({ url: wanted.url, ...findings }, null, 2) : report(wanted.url, findings));
      return findings.secrets.length > 0 ? 1 : 0;
    } finally {
      await browser.close();
    }
  } catch (cause) {
    // 1 would say that something was found.
    err(cause instanceof NotChecked ? cause.message : `The page could not be checked: ${firstLine(cause)}`);
    return 2;
  }
}

function firstLine(cause: unknown): string {
  return String(cause instanceof Error ? cause.message : cause).split('\n')[0] ?? '';
}

function read(args: string[]) {
  const { values, positionals } = parse(args);
  const [url = ''] = positionals;
  if (positionals.length !== 1 || !/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
    throw new NotChecked(`Which page? It takes one address that begins with https:// or http://.\n\n${USAGE}`);
  if (values['mask-text'] !== undefined && values['mask-text'] !== 'all')
    throw new NotChecked('--mask-text takes "all".');
  const settings = {
    ...(values['mask-text'] !== undefined && { maskText: values['mask-text'] }),
    ...(values['query-allow'] !== undefined && { queryAllow: values['query-allow'] }),
  };
  const { 'storage-state': state } = values;
  if (state !== undefined && !existsSync(state)) throw new NotChecked(`There is no file ${state}.`);
  const { picture: file = null, json = false, 'storage-state': storageState = null } = values;
  return { url, settings, picture: file, json, storageState };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        'mask-text': { type: 'string' },
        'query-allow': { type: 'string' },
        'storage-state': { type: 'string' },
        picture: { type: 'string' },
        json: { type: 'boolean' },
      },
    });
  } catch (cause) {
    throw new NotChecked(`${firstLine(cause)}\n\n${USAGE}`, { cause });
  }
}
