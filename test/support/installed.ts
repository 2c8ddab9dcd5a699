import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export type Installed = { ok: true; path: string } | { ok: false; reason: string };

/** A program of Debian that tests need: as root it is installed where it is missing; otherwise one sentence says what to do. */
export function ensureInstalled(program: string, debianPackage: string, what: string): Installed {
  const path = `/usr/bin/${program}`;
  if (existsSync(path)) return { ok: true, path };
  const install = `apt-get install -y --no-install-recommends ${debianPackage}`;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log(`Installing ${debianPackage} for the tests …`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('sh', ['-c', `apt-get update -qq; ${install}`], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  if (existsSync(path)) return { ok: true, path };
  return { ok: false, reason: `${what}: sudo ${install}` };
}

/** The other browser of the tests. */
export function ensureFirefox(): Installed {
  return ensureInstalled('firefox-esr', 'firefox-esr', 'The tests of calls between browsers need Firefox');
}

/** The relay of the tests. */
export function ensureCoturn(): Installed {
  return ensureInstalled('turnserver', 'coturn', 'The tests of networks that block need coturn');
}

/** What recordings are made with. */
export function ensureFfmpeg(): Installed {
  return ensureInstalled('ffmpeg', 'ffmpeg', 'The tests of recordings need ffmpeg');
}

/** The mailbox of the tests. */
export function ensureDovecot(): Installed {
  const installed = ensureInstalled('doveadm', 'dovecot-imapd', 'The tests of mails need Dovecot');
  return installed.ok ? { ok: true, path: '/usr/sbin/dovecot' } : installed;
}
