import type { ConversationSummary } from '../../../server/protocol/views.ts';

/** An invitation of mine, with the conversation that it is about. */
export type OwnInvitation = ConversationSummary['invited'][number] & {
  conversation: string;
  shopper: string;
  /** Whoever joins is recorded. */
  recorded: boolean;
};

export function invitationsFor(summaries: Iterable<ConversationSummary>, you: string): OwnInvitation[] {
  return [...summaries].flatMap(({ id, shopper, invited, recording }) =>
    invited
      .filter(({ agent }) => agent.id === you)
      .map((invitation) => ({ ...invitation, conversation: id, shopper: shopper.id, recorded: recording === 'on' })),
  );
}
