import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { House } from './contract.ts';
import { aShop } from './samples.ts';

const CONVERSATIONS = 40;

export function durabilityContract(house: House): void {
  describe('kill -9', () => {
    test('in the middle of many appends loses none that was acknowledged and keeps none by half', async () => {
      const shop = aShop();
      await house.storage.saveShop(shop);
      const acknowledged: string[] = [];
      for (let round = 0; round < 3; round++) {
        await house.storage.close();
        acknowledged.push(...(await writeAndKill(house, shop.id, 1_000)));
        await house.reopen();
      }

      const kept = new Set<string>();
      for (let index = 0; index < CONVERSATIONS; index++) {
        const id = `conversation-${index}`;
        const messages = await house.storage.messageIds(id);
        for (const message of messages) kept.add(`${id} ${message.seq} ${message.id}`);
        expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, place) => place + 1));
        expect(messages.length % 2).toBe(0);
        expect((await house.storage.conversation(id))?.lastSeq ?? 0).toBe(messages.length);
      }
      expect(acknowledged.length).toBeGreaterThanOrEqual(3_000);
      expect(acknowledged.filter((line) => !kept.has(line))).toEqual([]);
    }, 60_000);
  });
}

/** What a writer process had acknowledged when it was killed, at least `enough` lines. */
async function writeAndKill({ engine, place }: House, shop: string, enough: number): Promise<string[]> {
  const script = fileURLToPath(new URL('./writer.ts', import.meta.url));
  const writer = spawn(process.execPath, [script, engine, place, shop, String(CONVERSATIONS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  let lines = 0;
  writer.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    lines += text.split('\n').length - 1;
    if (lines >= enough) writer.kill('SIGKILL');
  });
  const [, signal]: unknown[] = await once(writer, 'close');
  expect(signal).toBe('SIGKILL');
  // What follows the last line break is a line that was cut off.
  return output.split('\n').slice(0, -1);
}
