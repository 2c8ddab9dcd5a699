/** Helping hands in the shopper's page: loaded after a yes of their own. */
import type { HandsDid, HandsOrder, HandsOutcome } from '../../../server/protocol/hands.ts';
import { hashedText, textHash } from '../../../server/protocol/text-hash.ts';
import { boxOf, isInView } from '../boxes.ts';
import { fits, hashOf, nameOf } from '../readable.ts';
import type { SharedPage } from '../recorder.ts';
import { back, choose, click, fill, scroll, type Done } from './deeds.ts';
import { around, mayChoose, mayClick, mayFill, type Fenced, type Rules } from './fences.ts';
import { OwnInput } from './own-input.ts';
import { SendingGuard } from './sending.ts';
import { drawSign } from './sign.ts';

const NAME_MAX = 70;
const TITLE_MAX = 40;

export type HandsOptions = {
  page: SharedPage;
  words: {
    /** That the agent can act in the page. */
    sign: string;
    stop: string;
    /** The same for people who listen. */
    stopLong: string;
    /** What was done, for people who listen. */
    did: (did: HandsDid, what: string) => string;
  };
  tell: (
    frame:
      | { type: 'hands.acted'; act: number; outcome: HandsOutcome; did?: HandsDid; what?: string }
      | { type: 'hands.busy'; on: boolean },
  ) => void;
  /** The shopper has pressed Stop. The hands are closed already. */
  onStop: () => void;
};

export type Hands = {
  act(order: HandsOrder): void;
  /** Nothing is done after this, and nothing of it stays in the page. May be called twice. */
  close(): void;
};

type Outcome = { outcome: HandsOutcome; did?: HandsDid; what?: string };
type Target = Extract<HandsOrder['deed'], { at: unknown }>['at'];

export function openHands({ page, words, tell, onStop }: HandsOptions): Hands {
  const written = new WeakMap<Element, string>();
  // What the shop says on the script tag.
  const allow = document.querySelector('script[data-shop]')?.getAttribute('data-hands-allow') ?? null;
  const sending = new SendingGuard();
  let closed = false;
  const own = new OwnInput((on) => tell({ type: 'hands.busy', on }));
  const hands: Hands = {
    act(order) {
      const outcome = closed ? { outcome: 'no-hands' as const } : own.apart(() => perform(order));
      tell({ type: 'hands.acted', act: order.act, ...outcome });
      if ('did' in outcome && outcome.did) page.announce(words.did(outcome.did, outcome.what ?? ''));
    },
    close() {
      closed = true;
      sending.lift();
      own.close();
      sign.close();
    },
  };
  const sign = drawSign(page.root, words, () => {
    hands.close();
    onStop();
  });
  page.announce(words.sign);
  // Of the page before nobody may have told.
  tell({ type: 'hands.busy', on: false });

  function perform({ deed, epoch, origins }: HandsOrder): Outcome {
    if (epoch !== page.epoch()) return { outcome: 'old-epoch' };
    own.look();
    if (own.busy) return { outcome: 'typing' };
    // Nobody sees what is done in a page that is not shown.
    if (document.visibilityState !== 'visible') return { outcome: 'gone' };
    if (deed.kind === 'back') return outcomeOf(back(), '');
    const element = page.elements.at(deed.at.node);
    // Of a page inside a frame of another origin: what is around it here says nothing of what may be done there.
    if (!element) return { outcome: page.elements.isInside(deed.at.node) ? 'not-allowed' : 'gone' };
    if (deed.kind === 'scroll') return outcomeOf(scroll(element, deed.across, deed.down), '');
    // Where there is nothing to read, that is something to go by as well.
    if (!fits(element, deed.at) || hashOf(element) !== deed.at.hash) return { outcome: 'gone' };
    const rules: Rules = { allow, origins };
    switch (deed.kind) {
      case 'scroll-to':
        return boxOf(element) ? outcomeOf(bring(element), '') : { outcome: 'gone' };
      case 'click': {
        const fenced = mayClick(element, rules);
        if (fenced) return { outcome: fenced };
        // Before the click: it may be another page afterwards.
        const what = nameFor(element);
        show(element, deed.at);
        const { done, held } = sending.during(element, rules, () =>
          click(element, deed.at, () => mayClick(element, rules) === null),
        );
        return outcomeOf(held ? 'not-allowed' : done, what);
      }
      case 'choose': {
        const select = element as HTMLSelectElement;
        const line = element.localName === 'select' ? select.options[deed.option] : undefined;
        const option = line && textHash(hashedText([line.text])) === deed.text ? line : undefined;
        return fenced(mayChoose(element, option), element, deed.at, () =>
          option
            ? outcomeOf(
                sending.during(select, rules, () => choose(select, option)).done,
                [nameFor(element), line?.text.trim()].filter(Boolean).join(': '),
              )
            : { outcome: 'gone' },
        );
      }
      case 'fill': {
        const { text } = deed;
        return fenced(mayFill(element, text, written.get(element)), element, deed.at, () => {
          const { done } = sending.during(element, rules, () => fill(element as HTMLInputElement, text));
          if (typeof done === 'object') written.set(element, (element as HTMLInputElement).value);
          return outcomeOf(done, nameFor(element));
        });
      }
    }
  }

  function fenced(fence: Fenced, element: Element, at: Target, act: () => Outcome): Outcome {
    if (fence) return { outcome: fence };
    show(element, at);
    return act();
  }

  /** The shopper sees what is done. */
  function show(element: Element, at: { fx: number; fy: number }): void {
    bring(element);
    sign.mark(element, at);
  }
  return hands;
}

function bring(element: Element): Done {
  const box = boxOf(element);
  if (!box || isInView(box)) return { did: null };
  element.scrollIntoView({
    block: box.height > innerHeight ? 'start' : 'center',
    inline: 'nearest',
    behavior: 'instant',
  });
  return { did: 'scrolled' };
}

function outcomeOf(done: Done, what: string): Outcome {
  if (typeof done === 'string') return { outcome: done };
  return done.did ? { outcome: 'done', did: done.did, what } : { outcome: 'done' };
}

/** Never what somebody typed: a field is called by its label. */
function nameFor(element: Element): string {
  const control = around(element, 'a[href],button,input,select,textarea,summary,label') ?? element;
  const value = control.localName === 'input' && /^(?:submit|button|reset)$/.test((control as HTMLInputElement).type);
  const whole = (value && (control as HTMLInputElement).value) || nameOf(control);
  // A card that is a link as a whole says more than its name.
  const title = whole.length > TITLE_MAX ? control.querySelector('h1,h2,h3,h4,h5,h6,[itemprop="name"]') : null;
  const name = (title && nameOf(title)) || whole;
  return name.length > NAME_MAX ? `${name.slice(0, NAME_MAX)}…` : name;
}
