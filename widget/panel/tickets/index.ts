/** What goes on when nobody is there: the message that is left, its sign, its notes; loaded when it is near. */
import css from './tickets.css?inline';
import Tickets from './Tickets.svelte';
import { loadTicketWords, noteSentence } from './sentences.ts';

/** With the words in the shopper's language. */
export async function loadTickets() {
  await loadTicketWords();
  return { Tickets, noteSentence, css };
}
