export { createCallSession, type CallSessionOptions } from './call-session.ts';
export { OwnMedia } from './own-media.ts';
