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
  return (loading ??= HANDLERS[handlerOf(navigator.userAgent)]().then(
    (factory) => ({ ...factory, getNativeRtpCapabilities: (which) => onceInATab(factory, which) }),
    (error: unknown) => {
      loading = null;
      throw error;
    },
  ));
}

/**
 * What the browser can send or receive is found out with a connection that is never made, which takes longer than all that
 * is asked of the server. The next page of the same tab knows it.
 */
async function onceInATab(
  factory: HandlerFactory,
  which: { direction: 'sendonly' | 'recvonly' },
): Promise<types.RtpCapabilities> {
  const find = () => factory.getNativeRtpCapabilities(which);
  try {
    const known: unknown = JSON.parse(
      (sessionStorage[`mostrador.codecs.${which.direction}.${navigator.userAgent}`] ??= JSON.stringify(await find())),
    );
    // mediasoup-client looks at it in any case.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return known as types.RtpCapabilities;
  } catch {
    // No room in the tab's storage, or none at all.
    return await find();
  }
}

// Under way as soon as the call's code is here: no call waits for it.
loadHandler().catch(() => {});
