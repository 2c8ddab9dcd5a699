import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { hashPassword, newPassword, verifyPassword } from '../../server/http/password.ts';

describe('promise 4: passwords', () => {
  it('are compared two at a time: however many guess, files are read meanwhile', async () => {
    const hash = await hashPassword('right');
    const done: string[] = [];
    const guesses = Array.from({ length: 8 }, async (_, n) => {
      const right = await verifyPassword(n === 7 ? 'right' : `guess ${n}`, hash);
      done.push(right ? 'right' : 'wrong');
    });
    const file = readFile(import.meta.filename).then(() => done.push('file'));
    await Promise.all([...guesses, file]);
    expect(done.indexOf('file')).toBeLessThan(3);
    expect(done.filter((each) => each === 'right')).toHaveLength(1);
    expect(done).toHaveLength(9);
  });

  it('that nobody guesses: as good as 98 random bits, without look-alikes', () => {
    const made = Array.from({ length: 200 }, newPassword);
    expect(new Set(made).size).toBe(200);
    for (const password of made) expect(password).toMatch(/^[a-hjkmnp-z2-9]{20}$/);
  });
});
