import type { CobrowseEncoding } from '../protocol/cobrowse-frame.ts';

/** What stands in a `snapshot` or `events` frame that is one. */
export type FrameContent = {
  /** Texts of stylesheets that it brings. `payload`: of a `sheets` frame with this one alone, compressed. */
  brings: { hash: string; length: number; payload: Uint8Array }[];
  /** Hashes that it refers to and does not bring. */
  uses: string[];
};

export type Verdict = { ok: true; content: FrameContent } | { ok: false; reason: 'bad-frame' | 'too-large' };

/** Unpacks and reads what a shopper's tab sends before anybody else sees it. */
export interface FrameCheck {
  /** At once where that takes less than a millisecond. Never throws nor rejects. One at a time of each session. */
  check(encoding: CobrowseEncoding, payload: Uint8Array): Verdict | Promise<Verdict>;
  /** Large frames are to be expected soon. */
  prepare(): void;
}
