import type { CallNumbers } from '../../../server/protocol/call-numbers.ts';
import type { MediaRequest } from '../../../server/protocol/from-client.ts';
import type { MediaPush, Quality, Speaking } from '../../../server/protocol/media.ts';
import type { DeviceKind, Devices } from './devices.ts';

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** How a call talks to the server: the connection of the tab, narrowed to what calls need. */
export type CallSignalling = {
  /** Resolves with the reply's data; rejects with an Error whose `reason` is a Refusal, or `not-connected`. */
  request(frame: DistributiveOmit<MediaRequest, 'req'>): Promise<Record<string, unknown>>;
  /** Pushes for this tab. Returns its own unsubscribe. */
  onPush(listener: (push: MediaPush) => void): () => void;
};

/** Why a device or a screen could not be had. Each is a sentence with a way out in the message catalogue. */
export type DeviceProblem =
  | 'denied'
  | 'dismissed'
  | 'missing'
  | 'in-use'
  | 'insecure'
  | 'unsupported'
  /** Somebody of the same side shares a screen already. */
  | 'taken'
  | 'failed';

/** `none`: there is no such device or it was refused · `off`: switched off · `on`. */
export type SourceState = 'none' | 'off' | 'on';

export type RemoteParty = {
  /** The participant's id, as in CallView.members. */
  participant: string;
  /** For an <audio> element: Chromium plays no sound of a stream whose picture has not come yet. Another one when the track is. */
  voice: MediaStream;
  /** The same of what is heard of a shared screen. */
  screenSound: MediaStream;
  /** Face and voice, for a <video> element; stable object while the party stays. */
  person: MediaStream;
  microphone: SourceState;
  camera: SourceState;
  /** The shared screen (and its sound), or null. */
  screen: MediaStream | null;
  /** How this party comes across; `side` says whose connection or device it is about. */
  quality: Quality & { side: 'own' | 'their' };
};

export type { CallNumbers };

export type CallState = {
  /**
   * `preparing`: transports and codecs are being agreed, nothing is sent · `prepared`: one step from live ·
   * `live` · `reconnecting`: was live, media is being brought back · `ended`.
   */
  phase: 'preparing' | 'prepared' | 'live' | 'reconnecting' | 'ended';
  /** The own camera, for the self view; null while off. */
  selfView: MediaStream | null;
  microphone: SourceState;
  camera: SourceState;
  /** The own microphone while it is on, for a level meter. */
  ownSound: MediaStreamTrack | null;
  /** The own shared screen; null when not sharing. */
  ownScreen: MediaStream | null;
  remotes: RemoteParty[];
  /**
   * Who speaks now, as participants' ids (the own one among them), loudest first; `dominant` is who carries the talk and
   * stays so in a pause: null until somebody has spoken. Nobody while media is being brought back.
   */
  speaking: Speaking;
  /** How the own connection carries the call, both ways. `good` until it is known better. */
  quality: Quality;
  /** What the call was like so far, for the shop's own figures; null until it is live. */
  numbers: CallNumbers | null;
  /** What can be chosen, what is in use, and what is to be said of them. */
  devices: Devices;
  /** The last device problem, until the next attempt. */
  problem: { source: 'microphone' | 'camera' | 'screen'; problem: DeviceProblem } | null;
};

/**
 * One tab's part in one call. It is made when a call rings (either side), so that everything that carries no media is
 * ready at the yes; `goLive` sends. Nothing of a camera or microphone leaves the browser before it.
 */
export interface CallSession {
  readonly state: CallState;
  /** Called after every change of `state` (a new object each time). Returns its own unsubscribe. */
  onChange(listener: (state: CallState) => void): () => void;
  /**
   * Opens devices for preview and later sending. Never throws for a refused device: it is `none` in the state with a
   * `problem`; what can be had is used (camera refused → audio only; both refused → view only).
   */
  openDevices(wanted: { microphone: boolean; camera: boolean }): Promise<void>;
  /** The yes, or coming back after a page load: sends what is open and on. Idempotent. */
  goLive(): Promise<void>;
  setMicrophone(on: boolean): Promise<void>;
  setCamera(on: boolean): Promise<void>;
  /** Uses a device from now on, without another negotiation, and remembers it. False: it could not be had; the one before goes on. */
  chooseDevice(kind: DeviceKind, id: string): Promise<boolean>;
  /** From a phone's front camera to its back one, or the other way. */
  flipCamera(): Promise<void>;
  /** Must be called from a click. False when the person did not choose a screen. */
  shareScreen(): Promise<boolean>;
  stopScreen(): Promise<void>;
  /** After the tab's socket came back: keeps media if it still flows, joins again if not. */
  socketRestored(): void;
  /** Stops every own track, closes everything. Does not hang up for others: that is the caller's frame. */
  close(): void;
}
