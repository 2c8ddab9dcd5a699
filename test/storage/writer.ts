/**
 * A process to be killed: appends to many conversations at once, without end, and prints a line for each append
 * after it was acknowledged. Arguments: engine, place, shop, number of conversations.
 */
import { aConversation, aMessage, upTo } from './samples.ts';
import { openers } from './openers.ts';

const [engine, place, shop, count] = process.argv.slice(2);
const open = new Map(Object.entries(openers)).get(engine ?? '');
if (!open || !place || !shop || !count) throw new Error('Usage: writer.ts ENGINE PLACE SHOP CONVERSATIONS');

const storage = await open(place);
await Promise.all(Array.from({ length: Number(count) }, (_, index) => appendForever(`conversation-${index}`)));

async function appendForever(id: string): Promise<never> {
  const record = (await storage.conversation(id)) ?? aConversation(String(shop), { id });
  for (let seq = record.lastSeq + 1; ; seq += 2) {
    const pair = [aMessage(seq), aMessage(seq + 1, { side: 'agent' })];
    await storage.append(upTo(record, seq + 1), pair);
    await print(pair.map((message) => `${id} ${message.seq} ${message.id}\n`).join(''));
  }
}

/** Resolves when the line is out, so that a slow reader slows the writer down. */
function print(lines: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(lines, () => resolve());
  });
}
