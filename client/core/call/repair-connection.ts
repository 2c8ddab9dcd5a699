import type { types } from 'mediasoup-client';

const ATTEMPTS = 4;
const ATTEMPT_MS = 3_000;

/** Brings an interrupted transport back by ICE restarts. False: it has to be joined anew. Rejects as `restart` does. */
export async function repairConnection(transport: types.Transport, restart: () => Promise<void>): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS && !transport.closed; attempt++) {
    // A failed DTLS session is not healed by ICE: one attempt tells.
    const hopeless = transport.connectionState === 'failed' && attempt > 0;
    if (hopeless) return false;
    await restart();
    if (await connects(transport, ATTEMPT_MS)) return true;
  }
  return false;
}

/** Whether the transport is connected within `ms`. */
async function connects(transport: types.Transport, ms: number): Promise<boolean> {
  if (transport.connectionState === 'connected') return true;
  return await new Promise((resolve) => {
    const finish = (connected: boolean) => {
      clearTimeout(timer);
      transport.off('connectionstatechange', onState);
      transport.observer.off('close', onClose);
      resolve(connected);
    };
    const onState = (state: types.ConnectionState) => {
      if (state === 'connected') finish(true);
    };
    const onClose = () => finish(false);
    const timer = setTimeout(() => finish(false), ms);
    transport.on('connectionstatechange', onState);
    transport.observer.once('close', onClose);
  });
}
