import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const INSTALL = 'apt-get install -y --no-install-recommends chromium';

/** For tests: no sandbox (CI is root), fake devices that need no click, and nothing that talks to the outside. */
export const CHROMIUM_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
];

/** A Chromium of this machine; `CHROMIUM` names another one. */
export function findChromium(): string | null {
  return [process.env['CHROMIUM'], ...CANDIDATES].find((path) => path && existsSync(path)) ?? null;
}

/** As root on Debian it is installed; otherwise one sentence says what to do. */
export function ensureChromium(): { ok: true; path: string } | { ok: false; reason: string } {
  const found = findChromium();
  if (found) return { ok: true, path: found };
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Installing Chromium for the browser tests …');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('sh', ['-c', `apt-get update -qq; ${INSTALL}`], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  const installed = findChromium();
  if (installed) return { ok: true, path: installed };
  return { ok: false, reason: `The browser tests need Chromium: sudo ${INSTALL} (or CHROMIUM=/path/to/it).` };
}
