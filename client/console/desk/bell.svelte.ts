import type { ConversationSummary } from '../../../server/protocol/views.ts';
import { shopperOf } from '../ui/shopper-name.ts';
import { w } from '../words.ts';
import { Alerts } from './alerts.svelte.ts';
import { Chime } from './chime.ts';
import type { OwnInvitation } from './invitations.ts';
import type { LiveConversation } from './live-conversation.svelte.ts';
import type { News } from './news.ts';
import type { Notices } from './notices.svelte.ts';

/** Says what happens to an agent who looks elsewhere: by sound, on the desktop, in a sentence. */
export class Bell {
  readonly alerts: Alerts;
  #chime: Chime;
  #notices: Notices;
  #go: (conversation: string) => void;
  /** What rings already: each ring is said once on the desktop. */
  #rung: ReadonlySet<string> = new Set();

  /** `go`: where a notification leads to. */
  constructor(notices: Notices, go: (conversation: string) => void, chime = new Chime()) {
    this.#chime = chime;
    this.alerts = new Alerts(chime);
    this.#notices = notices;
    this.#go = go;
  }

  hear(summary: ConversationSummary, news: News): void {
    const { id, preview } = summary;
    const name = shopperOf(summary);
    switch (news.kind) {
      case 'waits':
        this.#chime.somebodyWaits();
        return this.#alert(id, w.alerts_waits({ name }), preview?.text);
      case 'wrote':
        if (document.hidden) this.#chime.message();
        return this.#alert(id, name, preview?.text);
      case 'stays':
        return this.#notices.say(w.handover_stays({ name: news.name }));
    }
  }

  /** Somebody in the line, while nobody has to be led there. */
  somebodyWaits(): void {
    this.#chime.somebodyWaits();
  }

  /** A supervisor has written to whoever talks. */
  whispered(id: string, { by, text }: { by: { name: string }; text: string }): void {
    if (document.hidden) this.#chime.message();
    this.#alert(id, w.note_whispers({ name: by.name }), text);
  }

  /** All that rings now. */
  rings(shoppers: readonly LiveConversation[], invitations: readonly OwnInvitation[]): void {
    const before = this.#rung;
    this.#rung = new Set([...shoppers.map(({ id }) => id), ...invitations.map(({ conversation }) => conversation)]);
    this.#chime.ringing(this.#rung.size > 0);
    for (const { id, view } of shoppers) {
      if (!before.has(id)) this.#alert(id, w.alerts_calls({ name: view ? shopperOf(view) : '' }));
    }
    for (const { conversation, by } of invitations) {
      if (!before.has(conversation)) this.#alert(conversation, w.alerts_invites({ name: by.name }));
    }
  }

  close(): void {
    this.alerts.close();
    this.#chime.close();
  }

  /** On the desktop, where nobody looks at the console; one for a conversation. */
  #alert(id: string, title: string, body = ''): void {
    this.alerts.tell({ title, body, tag: id, go: () => this.#go(id) });
  }
}
