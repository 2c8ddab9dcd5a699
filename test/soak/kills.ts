import { startServer } from '../support/server.ts';
import { shopperWire } from '../support/wire.ts';

const MESSAGES = 40;

/**
 * Kills the server at a random moment of a burst of messages, again and again; after each restart the shopper sends what was
 * not acknowledged once more, as the widget does. In the end every message is there once, in order.
 */
export async function soakKills(rounds: number): Promise<string> {
  let server = await startServer();
  const { welcome, wire: first } = await shopperWire(server);
  first.send({ type: 'message.send', id: 'begin', text: 'begin' });
  const { conversation } = await first.frame('message.ack');
  const written: string[] = ['begin'];
  for (let round = 0; round < rounds; round++) {
    const { wire } = await shopperWire(server, { token: welcome.token });
    const ids = Array.from({ length: MESSAGES }, (_, n) => `r${round}-${n}`);
    for (const id of ids) wire.send({ type: 'message.send', id, text: id });
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 30));
    await server.kill();
    await wire.closed;
    const acknowledged = new Set(wire.frames.flatMap((frame) => (frame.type === 'message.ack' ? [frame.id] : [])));
    server = await server.restart();
    const { wire: back } = await shopperWire(server, { token: welcome.token });
    const pending = ids.filter((id) => !acknowledged.has(id));
    for (const id of pending) back.send({ type: 'message.send', id, text: id });
    for (const id of pending) await back.frame('message.ack', (ack) => ack.id === id);
    written.push(...ids);
    back.close();
  }
  const { wire } = await shopperWire(server, { token: welcome.token, seen: { conversation, seq: 0 } });
  const stored = (): string[] =>
    wire.frames
      .flatMap((frame) => (frame.type === 'conversation.entries' ? frame.entries : []))
      .flatMap((entry) => (entry.type === 'message' ? [entry.id] : []));
  await wire.until(() => stored().length >= written.length);
  const found = stored();
  await server.remove();
  if (JSON.stringify(found) !== JSON.stringify(written))
    throw new Error('Messages are missing, doubled or out of order.');
  return `${rounds} kills: ${written.length} messages, each once and in order`;
}
