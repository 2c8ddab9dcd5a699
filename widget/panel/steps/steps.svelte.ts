import type { ServerFrame } from '../../../server/protocol/from-server.ts';
import { CallStep } from './call-step.svelte.ts';
import { CobrowseStep } from './cobrowse-step.svelte.ts';
import type { HandsStep } from '../hands/hands-step.svelte.ts';
import type { Desk } from './desk.ts';

/** The steps of one counter. */
export class Steps {
  readonly call: CallStep;
  readonly cobrowse: CobrowseStep;
  /** Once their code is loaded. */
  hands = $state.raw<HandsStep | null>(null);
  /** The shopper is asked whether the chat is to end. */
  endAsked = $state(false);
  #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.call = new CallStep(desk);
    this.cobrowse = new CobrowseStep(desk);
    this.cobrowse.onSession = () => this.hands?.update();
  }

  /** What goes on in this tab, for the loader of the next page: it takes that up at once. */
  get under(): 'call' | 'page' | null {
    return this.call.ours ? 'call' : this.cobrowse.on ? 'page' : null;
  }

  endChat(): void {
    this.endAsked = false;
    const view = this.#desk.view();
    if (!view) return;
    const sent = this.#desk.connection.send({ type: 'conversation.close', conversation: view.id });
    if (!sent) this.#desk.refuse('not-connected');
  }

  /** Takes back what the shopper began and did not finish. True when there was something. */
  cancel(): boolean {
    const { call, cobrowse } = this;
    if (call.scene.at === 'preview' && !call.scene.answering) call.end();
    else if (this.endAsked) this.endAsked = false;
    else if (cobrowse.offering) cobrowse.offering = false;
    else return false;
    return true;
  }

  /** The state of the conversation or of media has changed. */
  update(): void {
    this.call.update();
    this.cobrowse.update();
    this.hands ??= this.#desk.hands()?.open(this.#desk, () => this.cobrowse.page) ?? null;
    this.hands?.update();
  }

  connected(open: boolean): void {
    this.call.connected(open);
    if (open) this.cobrowse.connected();
    if (open) this.hands?.connected();
  }

  /** True when the frame was the steps' own. */
  receive(frame: ServerFrame): boolean {
    if (frame.type === 'refused' && frame.of.startsWith('call.')) {
      if (frame.of === 'call.take') this.call.notTaken();
      else this.call.refused(frame.reason);
      return true;
    }
    this.cobrowse.handle(frame);
    if (frame.type === 'hands.act') this.hands?.act(frame);
    return false;
  }

  close(): void {
    this.call.close();
    this.hands?.close();
    this.cobrowse.close();
  }
}
