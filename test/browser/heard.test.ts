import { afterAll, beforeAll, describe, it } from 'vitest';
import { hearsTone, sharesTone, WITH_EARS } from './ear.ts';
import { Stage } from './stage.ts';
import { mediaReady } from './video-call.ts';

const ALLOWED = { permissions: ['microphone'] };

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open({}, [], WITH_EARS);
  stage.scripts = [sharesTone];
  await mediaReady(stage);
});
afterAll(async () => await stage.close());

describe('promise 13: a shared screen is shared with its sound', () => {
  it('the other side hears it, out of the page in which the call is', async () => {
    const { shopper, agent } = await stage.conversation({ shopper: ALLOWED, agent: ALLOWED });
    await agent.button('Call').click();
    await shopper.button('Answer').click();
    await shopper.button('Join now').click();
    await shopper.button('Share my screen').click();
    await agent.sharedScreen.waitFor();
    await hearsTone(agent.page);
    await agent.button('Share your screen').click();
    await shopper.widget.getByLabel('Screen of Ana').waitFor();
    await hearsTone(shopper.page);
    await agent.button('Hang up').click();
  });
});
