import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Stage } from './stage.ts';

/**
 * The stage of a file's tests, for those that leave the service other than they found it: a test that is tried again gets a
 * new one.
 */
export function freshStage(open: () => Promise<Stage>): () => Stage {
  let stage: Stage;
  beforeAll(async () => void (stage = await open()));
  beforeEach(async ({ task }) => {
    if ((task.result?.retryCount ?? 0) === 0) return;
    await stage.close();
    stage = await open();
  });
  afterAll(async () => await stage.close());
  return () => stage;
}
