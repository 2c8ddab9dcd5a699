/** Co-browsing in the shopper's page: loaded only after the shopper's yes. */
export { Ahead, type AheadOptions } from './ahead.ts';
export { startCobrowse } from './recorder.ts';
export type { CobrowseFrame, CobrowseOptions, CobrowseSession, CobrowseWords, SharedPage } from './recorder.ts';
