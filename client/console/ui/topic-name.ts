import type { TopicSetting } from '../../../server/protocol/settings.ts';
import type { ShopView } from '../../../server/protocol/views.ts';
import { language, w } from '../words.ts';

/** In the agent's language, else in the one that it has; null: it has none. */
export function nameIn(name: TopicSetting['name']): string | null {
  return name[language] || name.en || name.es || null;
}

/** As it is called in the settings, also before it has a name. */
export function topicLabel({ name }: TopicSetting): string {
  return nameIn(name) ?? w.topics_unnamed();
}

/** A topic's name; null: none, or one that is gone. */
export function topicName(shop: ShopView | null, topic: string | null): string | null {
  const found = topic === null ? undefined : shop?.attendance.topics.find(({ id }) => id === topic);
  return found ? nameIn(found.name) : null;
}
