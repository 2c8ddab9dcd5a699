import type { ConversationView } from '../../../server/protocol/views.ts';
import { w } from '../words.ts';

/** Shoppers have no names until they say them; a short mark from their id tells them apart at a glance. */
export function shopperMark(id: string): string {
  return id
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(-2)
    .toUpperCase();
}

export function shopperHue(id: string): number {
  let sum = 7;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 997;
  return (sum * 47) % 360;
}

export function shopperName(id: string): string {
  return w.shopper_name({
    mark: id
      .replace(/[^A-Za-z0-9]/g, '')
      .slice(-4)
      .toUpperCase(),
  });
}

/** As they call themselves, once a ticket says it. */
export function shopperOf({ shopper, ticket }: Pick<ConversationView, 'shopper' | 'ticket'>): string {
  return ticket?.name || shopperName(shopper.id);
}
