/** Co-browsing in the shopper's page: loaded only after the shopper's yes. */
export { startCobrowse } from './recorder.ts';
export type { CobrowseFrame, CobrowseOptions, CobrowseSession, CobrowseWords, SharedPage } from './recorder.ts';
