export { createCallSession, type CallSessionOptions } from './call-session.ts';
