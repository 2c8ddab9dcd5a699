import type { ShopView } from '../../../server/protocol/views.ts';
import { language } from '../words.ts';

/** A topic's name in the agent's language, else in the one that it has; null: none, or one that is gone. */
export function topicName(shop: ShopView | null, topic: string | null): string | null {
  const found = topic === null ? undefined : shop?.attendance.topics.find(({ id }) => id === topic);
  return found ? (found.name[language] ?? found.name.en ?? found.name.es ?? null) : null;
}
