import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto';
import { promisify } from 'node:util';

const argon2id = promisify<'argon2id', Argon2Parameters, Buffer>(argon2 as never);

/** Each takes 64 MiB and one of Node's four threads, which files are read and written by as well. */
const AT_ONCE = 2;
let running = 0;
const waiting: (() => void)[] = [];

/** Two at a time, however many strangers guess. */
async function derive(name: 'argon2id', parameters: Argon2Parameters): Promise<Buffer> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    return await argon2id(name, parameters);
  } finally {
    // Whoever waits longest has this one's place.
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

/** RFC 9106, 4: second recommended option (64 MiB, three passes), with one lane for small machines. */
const COST = { memory: 65_536, passes: 3, parallelism: 1, tagLength: 32 };

/** An argon2id hash in PHC string format, with a fresh salt. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await derive('argon2id', { message: password, nonce, ...COST });
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${base64(nonce)}$${base64(tag)}`;
}

/** Whether the password is the hash's. False too for a hash that is not in PHC format. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [, memory, passes, parallelism, salt, expected] =
    /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(hash) ?? [];
  if (!salt || !expected) return false;
  const tag = Buffer.from(expected, 'base64');
  const derived = await derive('argon2id', {
    message: password,
    nonce: Buffer.from(salt, 'base64'),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: tag.length,
  });
  return timingSafeEqual(tag, derived);
}

/** A password for a person to copy: 20 letters and digits without look-alikes, about 98 bits. */
export function newPassword(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
  const bytes = randomBytes(64).filter((byte) => byte < 248);
  return [...bytes.subarray(0, 20)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
