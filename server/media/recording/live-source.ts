import type { types } from 'mediasoup';
import type { MediaSource } from '../../protocol/media.ts';

/** A source of a call that is on: its owner sends it now. */
export type LiveSource = { member: string; source: MediaSource; producer: types.Producer };
