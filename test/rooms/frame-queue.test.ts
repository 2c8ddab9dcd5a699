import { describe, expect, it } from 'vitest';
import { FrameQueue } from '../../server/rooms/session.ts';

describe('promise 3: frames of a tab are handled in their order', () => {
  it('runs at once what need not wait, and in order what has to', async () => {
    const seen: number[] = [];
    const queue = new FrameQueue(() => {});
    queue.run(() => void seen.push(1));
    expect(seen).toEqual([1]);
    let go = (): void => {};
    queue.run(async () => {
      await new Promise<void>((resolve) => (go = resolve));
      seen.push(2);
    });
    queue.run(() => void seen.push(3));
    expect(seen).toEqual([1]);
    go();
    await expect.poll(() => seen).toEqual([1, 2, 3]);
    queue.run(() => void seen.push(4));
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  it('a task that throws is told once, and nothing runs after it', async () => {
    const failures: unknown[] = [];
    const seen: string[] = [];
    const queue = new FrameQueue((error) => failures.push(error));
    queue.run(async () => {
      throw new Error('the disk');
    });
    queue.run(() => void seen.push('late'));
    await expect.poll(() => failures).toHaveLength(1);
    queue.run(() => void seen.push('later'));
    expect(seen).toEqual([]);
  });
});
