import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const CANDIDATES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** A Chromium of this machine, or null. `CHROMIUM` names one, and then no other is taken. */
export function findChromium(wanted: string | undefined): string | null {
  const candidates = wanted ? [wanted] : [...CANDIDATES, chromium.executablePath()];
  return candidates.find((path) => existsSync(path)) ?? null;
}

/** As root, as in a container, Chromium's sandbox does not start. */
export const CHROMIUM_ARGUMENTS = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
