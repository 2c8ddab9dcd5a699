import { Stage } from '../browser/stage.ts';

/** Sets calls up and tears them down in two browsers; in the end nothing is open on the media workers. */
export async function soakCalls(calls: number): Promise<string> {
  const stage = await Stage.open();
  try {
    const { shopper, agent } = await stage.conversation();
    for (let call = 0; call < calls; call++) {
      await agent.button('Video').click();
      await shopper.button('Answer').click();
      await shopper.button('Join now').click();
      await shopper.remotePicture.waitFor();
      await agent.button('Hang up').click();
      await shopper.remotePicture.waitFor({ state: 'detached' });
    }
    for (let attempt = 0; attempt < 100; attempt++) {
      const { open } = (await (await fetch(`${stage.server.origin}/healthz`)).json()) as {
        open: Record<string, number>;
      };
      const left = ['routers', 'transports', 'producers', 'consumers'].filter((kind) => open[kind] !== 0);
      if (left.length === 0) return `${calls} calls: nothing left open`;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('Something is left open on the media workers.');
  } finally {
    await stage.close();
  }
}
