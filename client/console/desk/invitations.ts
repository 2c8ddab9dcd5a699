import type { ConversationSummary } from '../../../server/protocol/views.ts';

/** An invitation of mine, with the conversation that it is about. */
export type OwnInvitation = ConversationSummary['invited'][number] & { conversation: string; shopper: string };

export function invitationsFor(summaries: Iterable<ConversationSummary>, you: string): OwnInvitation[] {
  return [...summaries].flatMap(({ id, shopper, invited }) =>
    invited
      .filter(({ agent }) => agent.id === you)
      .map((invitation) => ({ ...invitation, conversation: id, shopper: shopper.id })),
  );
}
