// What the handlers share comes with the call: otherwise it were a third file, found only after the second.
import 'mediasoup-client/handlers/ortc/utils';
import 'mediasoup-client/handlers/sdp/commonUtils';
import 'mediasoup-client/handlers/sdp/RemoteSdp';
import 'mediasoup-client/handlers/sdp/unifiedPlanUtils';
import type { types } from 'mediasoup-client';

/** How mediasoup-client speaks to each family of browsers; a browser loads its own only. */
const HANDLERS = {
  Chrome111: async () => (await import('mediasoup-client/handlers/Chrome111')).Chrome111.createFactory({}),
  Chrome74: async () => (await import('mediasoup-client/handlers/Chrome74')).Chrome74.createFactory({}),
  Firefox120: async () => (await import('mediasoup-client/handlers/Firefox120')).Firefox120.createFactory({}),
  Safari12: async () => (await import('mediasoup-client/handlers/Safari12')).Safari12.createFactory({}),
};

/** On iOS every browser is Safari inside and has neither other name. A browser that is not known is taken at the standard's word. */
export function handlerOf(userAgent: string): keyof typeof HANDLERS {
  const [, chromium] = /Chrom(?:e|ium)\/(\d+)/.exec(userAgent) ?? [];
  if (chromium) return Number(chromium) >= 111 ? 'Chrome111' : 'Chrome74';
  if (/\bFirefox\//.test(userAgent)) return 'Firefox120';
  return /\bAppleWebKit\//.test(userAgent) ? 'Safari12' : 'Chrome111';
}

type HandlerFactory = NonNullable<types.DeviceOptions['handlerFactory']>;

let loading: Promise<HandlerFactory> | null = null;

/** This browser's handler. Rejects where its code did not load; the next call tries again. */
export function loadHandler(): Promise<HandlerFactory> {
  return (loading ??= HANDLERS[handlerOf(navigator.userAgent)]().catch((error: unknown) => {
    loading = null;
    throw error;
  }));
}

// Under way as soon as the call's code is here: no call waits for it.
loadHandler().catch(() => {});
