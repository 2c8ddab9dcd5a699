import type { ReplySetting } from '../../../server/protocol/settings.ts';
import { topicOfPage } from '../../../server/protocol/topic-of-page.ts';
import type { ConversationView, TopicView } from '../../../server/protocol/views.ts';

/** What stands between the slash and the text field's cursor; `from`: where the slash is. */
export type ReplyQuery = { from: number; query: string };

const SHOWN = 8;
/** A slash that begins a word: one within a date, an address or "and/or" is just a slash. */
const BEGINS = /(?:^|\s)\/([\p{L}\p{N}_-]*)$/u;

export function replyQuery(text: string, cursor: number): ReplyQuery | null {
  const found = BEGINS.exec(text.slice(0, cursor));
  const query = found?.[1];
  return query === undefined ? null : { from: cursor - query.length - 1, query };
}

/** As they are compared: without case and accents. */
function folded(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/** Replies whose short name begins with what was typed, then those that hold it; of each, the topic's own first. */
export function matchingReplies(replies: readonly ReplySetting[], query: string, topic: string | null): ReplySetting[] {
  const typed = folded(query);
  const rank = (reply: ReplySetting): number => {
    const own = reply.topic === null ? 1 : reply.topic === topic ? 0 : 2;
    return folded(reply.short).startsWith(typed) ? own : own + 3;
  };
  return replies
    .filter(({ short, text }) => folded(short).includes(typed) || (typed.length > 2 && folded(text).includes(typed)))
    .toSorted((a, b) => rank(a) - rank(b) || a.short.localeCompare(b.short))
    .slice(0, SHOWN);
}

/** What a conversation is about: what it says itself, otherwise what the page says that the shopper is on. */
export function topicOf(
  { topic, shopper }: Pick<ConversationView, 'topic' | 'shopper'>,
  topics: readonly Pick<TopicView, 'id' | 'paths'>[],
): string | null {
  return topic ?? (shopper.page && topicOfPage(topics, shopper.page.url));
}

export type ReplyNames = { shopper: string | null; agent: string; shop: string };

const PLACE = /(,? ?)\{(shopper|agent|shop)\}(,? ?)/g;

/**
 * Names in the places of `{shopper}`, `{agent}` and `{shop}`. One that is not known goes with the comma and the blank before
 * it, or where it begins a line with those after it.
 */
export function filledReply(text: string, names: ReplyNames): string {
  return text.replaceAll(PLACE, (_, before: string, place: keyof ReplyNames, after: string) => {
    const name = names[place];
    if (name) return before + name + after;
    return before ? after : '';
  });
}
