import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { ensureDovecot } from '../installed.ts';
import { freePort } from '../network/free-port.ts';

export type Dovecot = {
  /** `imap://help:…@127.0.0.1:port`. */
  url: string;
  /** Puts a mail into the mailbox, as a mail server would. */
  deliver(source: string): void;
  /** How many mails are there, by whether they have been read. */
  mails(): { unread: number; read: number };
  /** How many of them are flagged. */
  flagged(): number;
  log(): string;
  close(): Promise<void>;
};

/** Who owns the mails: Dovecot serves none of root's. */
const MAIL_USER = { uid: 8, gid: 8 };

/** Debian's Dovecot with one mailbox, without files outside a temporary folder. */
export async function startDovecot(
  port?: number,
  folder = mkdtempSync(join(tmpdir(), 'mostrador-dovecot-')),
): Promise<Dovecot> {
  const dovecot = ensureDovecot();
  if (!dovecot.ok) throw new Error(dovecot.reason);
  const root = process.getuid?.() === 0;
  const { username, uid, gid } = userInfo();
  const owner = root ? MAIL_USER : { uid, gid };
  const listening = port ?? (await freePort('127.0.0.1'));
  const maildir = join(folder, 'mail');
  for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(maildir, part), { recursive: true });
  chmodSync(folder, 0o755);
  const own = (path: string): void => chownSync(path, owner.uid, owner.gid);
  for (const path of [maildir, ...['cur', 'new', 'tmp'].map((part) => join(maildir, part))]) own(path);
  const settings = [
    `base_dir = ${folder}/run`,
    `state_dir = ${folder}/state`,
    'protocols = imap',
    'listen = 127.0.0.1',
    'ssl = no',
    'disable_plaintext_auth = no',
    'log_path = /dev/stderr',
    `mail_location = maildir:${maildir}`,
    'first_valid_uid = 1',
    ...(root ? [] : [`default_internal_user = ${username}`, `default_login_user = ${username}`]),
    'passdb {\n driver = static\n args = password=of-the-tests\n}',
    `userdb {\n driver = static\n args = uid=${owner.uid} gid=${owner.gid} home=${maildir}\n}`,
    `service imap-login {\n chroot =\n inet_listener imap {\n  port = ${listening}\n }\n inet_listener imaps {\n  port = 0\n }\n}`,
    'service anvil {\n chroot =\n}',
  ];
  const file = join(folder, 'dovecot.conf');
  writeFileSync(file, `${settings.join('\n')}\n`);
  const child = spawn(dovecot.path, ['-F', '-c', file], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  let log = '';
  const opened = new Promise<void>((resolve) => {
    const read = (chunk: Buffer): void => {
      log += chunk.toString();
      if (log.includes('starting up')) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
  });
  await Promise.race([
    opened,
    ended.then(() => {
      throw new Error(`Dovecot did not start:\n${log}`);
    }),
  ]);
  return {
    url: `imap://help:of-the-tests@127.0.0.1:${listening}`,
    deliver(source) {
      const name = `${Date.now()}.${randomUUID()}.tests`;
      const path = join(maildir, 'tmp', name);
      writeFileSync(path, source.replaceAll(/\r?\n/g, '\r\n'));
      own(path);
      renameSync(path, join(maildir, 'new', name));
    },
    mails() {
      const names = ['cur', 'new'].flatMap((part) => readdirSync(join(maildir, part)));
      const read = names.filter((name) => /:2,[A-Z]*S/.test(name)).length;
      return { read, unread: names.length - read };
    },
    flagged: () => readdirSync(join(maildir, 'cur')).filter((name) => /:2,[A-Z]*F/.test(name)).length,
    log: () => log,
    async close() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
