/**
 * Why something was refused. Clients turn each into a sentence of the person's language.
 * `file-type`: none that the shop takes · `file-false`: its content is not what its type says · `file-gone`: not there (any
 * more), sent already, or somebody else's · `files-full`: there is no room for files.
 */
export const REFUSALS = [
  'bad-frame',
  'too-large',
  'too-fast',
  'not-connected',
  'version',
  'unknown-shop',
  'forbidden-origin',
  'signed-out',
  'message-empty',
  'message-too-long',
  'product-elsewhere',
  'file-type',
  'file-too-large',
  'file-empty',
  'file-false',
  'file-gone',
  'files-full',
  'no-conversation',
  'not-yours',
  'taken',
  'closed',
  'no-agent-yet',
  'shopper-away',
  'busy',
  'no-call',
  'not-in-call',
  'not-invited',
  'agent-away',
  'hand-over-first',
  'only-listens',
  'screen-taken',
  'media-preparing',
  'media-unavailable',
  'media-refused',
  'recording-unavailable',
  'too-many',
  'not-sharing',
  'old-epoch',
  'draining',
  'failed',
] as const;

export type Refusal = (typeof REFUSALS)[number];
