import type { TicketWish } from '../domain/ticket.ts';
import type { Files, Uploader } from '../files/files.ts';
import type { FileView } from '../protocol/file.ts';
import type { ClientFrame } from '../protocol/from-client.ts';
import type { Refusal } from '../protocol/refusals.ts';
import type { MediaStatus, RecordingAvailability } from '../protocol/views.ts';
import type { Room } from './room.ts';
import type { Socket } from './socket.ts';
import type { TicketMails } from './ticket-mails.ts';
import type { Tickets } from './tickets.ts';

/** What a browser tab does once it has said hello. Frames are handled in their order. */
export interface Session {
  handle(frame: ClientFrame): void;
  /** A co-browsing frame; why it was dropped, or null. */
  handleBinary(frame: Uint8Array): Refusal | null;
  /** The socket is gone. `leaving`: its page said goodbye. */
  left(leaving?: boolean): void;
}

/** Handles frames one after another where one has to wait (for a room that is being loaded). */
export class FrameQueue {
  #waiting: Promise<void> | null = null;
  #unfinished = 0;
  #failed: (error: unknown) => void;

  /** `failed`: a task threw. What came after it is not run any more. */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  /** Runs `task` now, or after those that wait. A task that returns a promise makes later ones wait for it. */
  run(task: () => Promise<void> | void): void {
    const running = this.#waiting ? this.#waiting.then(task) : task();
    if (!running) return;
    this.#unfinished++;
    this.#waiting = this.#finish(running);
  }

  async #finish(running: Promise<void>): Promise<void> {
    try {
      await running;
      if (--this.#unfinished === 0) this.#waiting = null;
    } catch (error) {
      this.#failed(error);
      await new Promise(() => {});
    }
  }
}

export function refuse(socket: Socket, frame: ClientFrame, reason: Refusal): void {
  const id = frame.type === 'message.send' || frame.type === 'note.send' ? { id: frame.id } : {};
  const req = 'req' in frame ? { req: frame.req } : {};
  socket.send({ type: 'refused', of: frame.type, reason, ...id, ...req });
}

/** What a message costs of the pace of its author, besides its letters. */
const MESSAGE_COST = 100;

export type SendFrame = Extract<ClientFrame, { type: 'message.send' }>;

/** The file of a message, for this message alone; null where it cannot be sent: that was said to the sender. */
export async function takeFile(
  socket: Socket,
  frame: SendFrame,
  by: Uploader,
  conversation: string | null,
  { files }: CommonContext,
): Promise<FileView | null> {
  const file = await files.take(by, frame.file ?? '', { conversation, message: frame.id });
  if (!file) refuse(socket, frame, 'file-gone');
  return file;
}

/** `file` was taken for this message, and is given back where the message does not come to be. */
export function sendMessage(
  room: Room,
  socket: Socket,
  { id, text, product }: SendFrame,
  taken?: { file: FileView; files: Files },
  ticket?: TicketWish,
): void {
  if (!room.known(id) && !room.paces(socket.id, 'words', MESSAGE_COST + text.length)) {
    taken?.files.giveBack(taken.file.id);
    return refuse(socket, { type: 'message.send', id, text }, 'too-fast');
  }
  const file = taken && { file: taken.file };
  const event = { type: 'message-sent' as const, socket: socket.id, id, text, ...(product && { product }), ...file };
  const wish = ticket && { ticket };
  room.dispatch({ ...event, ...wish, known: room.known(id) });
  if (taken && !room.known(id)) taken.files.giveBack(taken.file.id);
}

/** Frames that mean the same from either side, for a room that the socket follows. False: none of these. */
export function handleCommon(room: Room, socket: Socket, frame: ClientFrame, context: CommonContext): boolean {
  const from = { socket: socket.id };
  switch (frame.type) {
    case 'message.send':
      sendMessage(room, socket, frame);
      return true;
    case 'message.typing':
      if (room.paces(socket.id, 'shows')) room.dispatch({ type: 'typed', ...from, on: frame.on });
      return true;
    case 'message.receipt':
      room.dispatch({ type: 'receipt-given', ...from, delivered: frame.delivered, read: frame.read });
      return true;
    case 'transcript.send':
      context.inBackground(sendTranscript(room, socket, frame, context));
      return true;
    case 'conversation.close':
      room.dispatch({ type: 'closed', ...from });
      return true;
    case 'call.propose': {
      if (!room.paces(socket.id, 'call')) {
        refuse(socket, frame, 'too-fast');
        return true;
      }
      const media = context.media().status;
      room.dispatch({ type: 'call-proposed', ...from, id: context.newId(), video: frame.video, media });
      return true;
    }
    case 'call.answer':
      room.dispatch({ type: 'call-answered', ...from, id: frame.call, yes: frame.yes });
      return true;
    case 'call.hangup':
      room.dispatch({ type: 'call-hung-up', ...from, id: frame.call });
      return true;
    case 'call.take':
      room.dispatch({ type: 'call-taken', ...from, id: frame.call, from: frame.member });
      return true;
    case 'screen.ask':
      room.dispatch({ type: 'screen-asked', ...from, id: frame.call });
      return true;
    case 'screen.refuse':
      room.dispatch({ type: 'screen-refused', ...from, id: frame.call });
      return true;
    case 'recording.ask': {
      const { call, page, days } = context.recording();
      room.dispatch({ type: 'recording-asked', ...from, available: { call: call === 'ready', page }, days });
      return true;
    }
    case 'recording.answer':
      room.dispatch({ type: 'recording-answered', ...from, yes: frame.yes, id: context.newId() });
      return true;
    case 'recording.stop':
      room.dispatch({ type: 'recording-stopped', ...from });
      return true;
    case 'cobrowse.stop':
      room.dispatch({ type: 'cobrowse-stopped', ...from });
      return true;
    case 'hands.stop':
      room.dispatch({ type: 'hands-stopped', ...from });
      return true;
    case 'media.join':
    case 'media.capable':
    case 'media.connect':
    case 'media.produce':
    case 'media.pause':
    case 'media.close':
    case 'media.ready':
    case 'media.quality':
    case 'media.restart-ice':
    case 'call.report':
      context.inBackground(room.requestMedia(socket, frame));
      return true;
    default:
      return false;
  }
}

async function sendTranscript(
  room: Room,
  socket: Socket,
  frame: Extract<ClientFrame, { type: 'transcript.send' }>,
  { mails }: CommonContext,
): Promise<void> {
  const reason = mails ? await mails.transcript(room, frame.email) : 'no-mail';
  if (reason) refuse(socket, frame, reason);
}

export type CommonContext = {
  tickets: Tickets;
  /** Null: no mails go out. */
  mails: TicketMails | null;
  files: Files;
  newId: () => string;
  media: () => MediaStatus;
  recording: () => RecordingAvailability;
  /** Something of ours failed: it is logged, and the socket is to come again. */
  failed: (socket: Socket, error: unknown) => void;
  /** Watches over a promise that nobody waits for: a failure is logged. */
  inBackground: (work: Promise<void>) => void;
};
