import { createHash, randomUUID } from 'node:crypto';
import { globSync } from 'node:fs';
import type { Email } from 'postal-mime';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../server/config.ts';
import type { Entry } from '../../server/protocol/entry.ts';
import type { ClientFrame } from '../../server/protocol/from-client.ts';
import type { ConversationView, TicketView } from '../../server/protocol/views.ts';
import { png } from '../files/samples.ts';
import { startDovecot, type Dovecot } from '../support/mail/dovecot.ts';
import { startSmtp, type SmtpHouse } from '../support/mail/smtp-house.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { settle } from '../support/settle.ts';
import { agentWire, shopperWire, signIn, type Wire } from '../support/wire.ts';

let smtp: SmtpHouse;
let dovecot: Dovecot;
let server: TestServer;
let admin: string;
const open: Wire[] = [];

beforeAll(async () => {
  [smtp, dovecot] = await Promise.all([startSmtp(), startDovecot()]);
  server = await startServer({
    SMTP_URL: smtp.url,
    MAIL_FROM: 'Casa Lumbre <help@shop.example>',
    IMAP_URL: dovecot.url,
    MAIL_GATHER_SECONDS: '1',
    LOG_LEVEL: 'error',
  });
  admin = await signIn(server);
});
afterEach(() => {
  for (const wire of open.splice(0)) wire.close();
});
afterAll(async () => {
  await server?.remove();
  await smtp?.close();
  await dovecot?.close();
});

type Ticketed = { wire: Wire; conversation: string; token: string };

async function leave(email: string, locale = 'en', text = 'Is the blue vase back?'): Promise<Ticketed> {
  const { wire, welcome } = await shopperWire(server, { locale });
  open.push(wire);
  wire.send({ type: 'message.send', id: randomUUID(), text, ticket: { email, name: 'Eva' } });
  const { conversation } = await wire.frame('message.ack');
  await state(wire, ({ ticket }) => ticket !== null);
  return { wire, conversation, token: welcome.token };
}

async function agent(): Promise<Wire & { me: string }> {
  const { wire, welcome } = await agentWire(server, admin);
  open.push(wire);
  return Object.assign(wire, { me: welcome.you.id });
}

async function state(wire: Wire, test: (view: ConversationView) => boolean): Promise<ConversationView> {
  const frame = await wire.until(() => {
    const last = wire.frames.findLast((each) => each.type === 'conversation.state');
    return last?.type === 'conversation.state' && test(last.conversation) ? last : null;
  });
  return frame.conversation;
}

const entriesOf = (wire: Wire): Entry[] =>
  wire.frames.flatMap((frame) => (frame.type === 'conversation.entries' ? frame.entries : []));

/** Waits for an entry, and gives it. */
async function entry<T extends Entry['type']>(
  wire: Wire,
  type: T,
  test: (found: Extract<Entry, { type: T }>) => boolean = () => true,
): Promise<Extract<Entry, { type: T }>> {
  return await wire.until(() => {
    return entriesOf(wire).find(
      (each): each is Extract<Entry, { type: T }> => each.type === type && test(each as never),
    );
  });
}

const to = (address: string) => (mail: Email) => mail.to?.[0]?.address === address;
const ticketOf = (view: ConversationView): TicketView => view.ticket ?? expect.fail('no ticket');
const say = (conversation: string, text: string): ClientFrame => ({
  type: 'message.send',
  id: randomUUID(),
  conversation,
  text,
});

function reply(mail: Email, from: string, text: string, more: { id?: string; headers?: string[] } = {}): string {
  const { id = randomUUID(), headers = [] } = more;
  return [
    `From: Eva <${from}>`,
    'To: help@shop.example',
    `Subject: Re: ${mail.subject}`,
    `Message-ID: <${id}@home.example>`,
    `In-Reply-To: ${mail.messageId}`,
    ...headers,
    '',
    `${text}\n\nOn Tue, 24 Nov 2026 at 10:00, Casa Lumbre <help@shop.example> wrote:\n> --- · ---\n> quoted`,
  ].join('\n');
}

const LARGE = Buffer.alloc(10_000_000, 'ABC');

/** A reply with files, as a mail program makes it. */
function withFiles(mail: Email, from: string, text: string, files: readonly [string, string, Buffer][]): string {
  const parts = files.map(([name, type, content]) =>
    [
      '--b',
      `Content-Type: ${type}; name="${name}"`,
      `Content-Disposition: attachment; filename="${name}"`,
      'Content-Transfer-Encoding: base64',
      '',
      ...(content.toString('base64').match(/.{1,76}/g) ?? []),
    ].join('\n'),
  );
  const headers = ['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b'];
  const head = reply(mail, from, '', { headers }).split('\n\n')[0];
  return [head, '', '--b', 'Content-Type: text/plain', '', text, ...parts, '--b--'].join('\n');
}

/** As a mail server says that a mail did not arrive (RFC 3464). */
function bounce({ messageId }: Email, action: 'failed' | 'delayed'): string {
  return [
    'From: MAILER-DAEMON@mx.example',
    'To: help@shop.example',
    'Subject: Undelivered Mail Returned to Sender',
    `Message-ID: <${randomUUID()}@mx.example>`,
    'Auto-Submitted: auto-replied',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'I am sorry.',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example',
    '',
    'Final-Recipient: rfc822; noa@home.example',
    `Action: ${action}`,
    'Status: 5.1.1',
    '--b',
    'Content-Type: text/rfc822-headers',
    '',
    `Message-ID: ${messageId}`,
    'Subject: x',
    '--b--',
  ].join('\n');
}

describe('promise 25: nobody there is no dead end', () => {
  it('the whole circle: left, acknowledged, answered by mail, replied, solved, opened again by a reply', async () => {
    const eva = await leave('eva@home.example');
    const { number, email } = ticketOf(await state(eva.wire, ({ status }) => status === 'ticket'));
    expect(email).toBe('eva@home.example');
    const first = await smtp.mail(to('eva@home.example'));
    expect(first.subject).toBe(`[#${number}] Casa Lumbre`);
    expect(first.text).toMatch(/within 24 hours/);
    expect(first.from?.address).toBe('help@shop.example');
    // Nothing that a stranger wrote goes to an address that a stranger gave.
    expect(`${first.subject} ${first.text}`).not.toMatch(/vase|Eva/);

    const ana = await agent();
    ana.send({ type: 'conversation.accept', conversation: eva.conversation });
    await state(ana, (view) => view.agent?.id === ana.me);
    eva.wire.close();
    await state(ana, (view) => !view.shopper.online);
    for (const text of ['Yes, it is.', 'Two are left.', 'Shall I keep one?']) ana.send(say(eva.conversation, text));
    const answer = await smtp.mail((mail) => to('eva@home.example')(mail) && /Yes, it is/.test(mail.text ?? ''));
    expect(answer.text).toMatch(
      /^--- · ---[^]*Yes, it is\.\s+Two are left\.\s+Shall I keep one\?[^]*> Is the blue vase back\?/,
    );
    expect(answer.references).toContain(first.messageId);
    expect(await entry(ana, 'mail-sent')).toMatchObject({ what: 'answer', messages: 3 });
    expect(smtp.mails.filter(to('eva@home.example'))).toHaveLength(2);
    expect(ticketOf(await state(ana, ({ ticket }) => ticket?.state === 'pending')).dueAt).toBeNull();

    const again = randomUUID();
    dovecot.deliver(reply(answer, 'Eva@home.example', 'Yes, please keep one.', { id: again }));
    const came = await entry(ana, 'message', ({ mail }) => mail !== undefined);
    expect(came).toMatchObject({ from: { side: 'shopper' }, text: 'Yes, please keep one.', mail: { files: 0 } });
    expect(ticketOf(await state(ana, ({ ticket }) => ticket?.dueAt !== null)).state).toBe('open');

    ana.send({ type: 'ticket.state', conversation: eva.conversation, state: 'solved' });
    await state(ana, ({ status }) => status === 'closed');
    // The same mail once more is the same; another one opens the ticket again.
    dovecot.deliver(reply(answer, 'eva@home.example', 'Yes, please keep one.', { id: again }));
    dovecot.deliver(reply(first, 'eva@home.example', 'And how do I pay?'));
    await entry(ana, 'message', ({ text }) => text === 'And how do I pay?');
    expect((await state(ana, ({ status }) => status === 'ticket')).ticket).toMatchObject({ number, state: 'open' });
    await expect.poll(() => dovecot.mails()).toEqual({ read: 3, unread: 0 });
    const texts = ana.frames.flatMap((frame) =>
      frame.type === 'conversation.entries'
        ? frame.entries.flatMap((each) => (each.type === 'message' ? each.text : []))
        : [],
    );
    expect(texts.filter((text) => text === 'Yes, please keep one.')).toHaveLength(1);

    // In the chat it is the same thread; whoever reads it there gets no mail.
    const back = await shopperWire(server, { token: eva.token });
    open.push(back.wire);
    expect(back.welcome.conversation?.ticket).toMatchObject({ number, state: 'open' });
    await entry(back.wire, 'message', ({ text }) => text === 'And how do I pay?');
    const before = smtp.mails.length;
    ana.send(say(eva.conversation, 'When you come for it.'));
    const { seq } = await entry(back.wire, 'message', ({ text }) => text === 'When you come for it.');
    back.wire.send({ type: 'message.receipt', conversation: eva.conversation, delivered: seq, read: seq });
    // Long enough for another ticket's mail to come and go.
    await leave('zoe@home.example', 'es');
    const spanish = await smtp.mail(to('zoe@home.example'));
    expect(spanish.text).toMatch(/responderemos en un plazo de 24 horas/);
    expect(smtp.mails).toHaveLength(before + 1);
  });

  it('forged senders, machines, foreign mails and 10 MB: flagged or left, logged without words, nothing in the thread', async () => {
    const lena = await leave('lena@home.example');
    const mail = await smtp.mail(to('lena@home.example'));
    const flaggedBefore = dovecot.flagged();
    dovecot.deliver(reply(mail, 'mallory@evil.example', 'Send it to me instead'));
    dovecot.deliver(reply(mail, 'lena@home.example', 'I am away', { headers: ['Auto-Submitted: auto-replied'] }));
    dovecot.deliver(reply(mail, 'lena@home.example', ''));
    await expect.poll(() => dovecot.flagged()).toBe(flaggedBefore + 3);
    // An id of ours that is not signed by us is not ours.
    const forged = { ...mail, messageId: mail.messageId?.replace(/\.[\w-]{22}@/, `.${'A'.repeat(22)}@`) ?? '' };
    dovecot.deliver(reply(forged, 'lena@home.example', 'forged id'));
    // Ten megabytes that are not what they say they are.
    dovecot.deliver(withFiles(mail, 'lena@home.example', 'Here is the bill', [['a.pdf', 'application/pdf', LARGE]]));
    const came = await entry(lena.wire, 'message', (each) => each.mail !== undefined);
    expect(came).toMatchObject({ text: 'Here is the bill', mail: { files: 0 } });
    expect(await entry(lena.wire, 'mail-files-refused')).toMatchObject({
      files: [{ name: 'a.pdf', reason: 'file-false' }],
    });
    await expect.poll(() => dovecot.mails().unread).toBe(1);
    const entries = lena.wire.frames.flatMap((frame) => (frame.type === 'conversation.entries' ? frame.entries : []));
    expect(entries.filter(({ type }) => type === 'message')).toHaveLength(2);
    expect(server.output()).toContain('forged-sender');
    expect(server.output()).not.toMatch(/instead|mallory|lena@|I am away/);
  });

  it('who knows the id of the own mail cannot take its place in the thread before it comes', async () => {
    const mona = await leave('mona@home.example');
    const mail = await smtp.mail(to('mona@home.example'));
    const id = randomUUID();
    const hash = createHash('sha256').update(`<${id}@home.example>`).digest('base64url').slice(0, 32);
    for (const name of [`mail-${hash}-2`, `mail:${hash}:2`]) {
      mona.wire.send({ type: 'message.send', id: name, conversation: mona.conversation, text: 'first' });
    }
    await mona.wire.frame('message.ack', (frame) => frame.id === `mail-${hash}-2`);
    const words = Array.from({ length: 1_000 }, (_, index) => `word${index}`).join(' ');
    dovecot.deliver(reply(mail, 'mona@home.example', words, { id }));
    await entry(mona.wire, 'message', (each) => each.mail !== undefined && each.text.endsWith('word999'));
    await expect.poll(() => dovecot.mails().unread).toBe(1);
  });

  it('files that come by mail are files of the conversation, and what is refused is said to both sides', async () => {
    const uma = await leave('uma@home.example');
    const first = await smtp.mail(to('uma@home.example'));
    const ana = await agent();
    ana.send({ type: 'conversation.accept', conversation: uma.conversation });
    await state(ana, (view) => view.agent?.id === ana.me);
    const picture = png(40, 30);
    dovecot.deliver(
      withFiles(first, 'uma@home.example', '', [
        ['../../vase.png', 'image/png', picture],
        ['note.txt', 'application/octet-stream', Buffer.from('ñandú')],
      ]),
    );
    const shown = await entry(ana, 'message', ({ file }) => file?.type === 'image/png');
    expect(shown).toMatchObject({ text: '', file: { name: 'vase.png', width: 40, height: 30, bytes: picture.length } });
    await entry(ana, 'message', ({ file }) => file?.name === 'note.txt');
    const served = await fetch(`${server.origin}/api/files/${shown.file?.id}`, { headers: { cookie: admin } });
    expect(Buffer.from(await served.arrayBuffer()).equals(picture)).toBe(true);
    expect(served.headers.get('content-security-policy')).toContain('sandbox');
    const own = `${server.origin}/api/shops/demo/files/${shown.file?.id}`;
    expect((await fetch(own, { headers: { Authorization: `Bearer ${uma.token}`, Origin: server.origin } })).ok).toBe(
      true,
    );
    // No bubble without anything in it.
    const empty = (wire: Wire): Entry[] =>
      entriesOf(wire).filter((each) => each.type === 'message' && each.text === '' && !each.file);
    expect(empty(ana)).toEqual([]);

    const bomb = Buffer.concat([Buffer.from('504b0304', 'hex'), Buffer.alloc(2_000)]);
    dovecot.deliver(
      withFiles(first, 'uma@home.example', '', [
        ['owned.html', 'text/html', Buffer.from('<script>alert(1)</script>')],
        ['bomb.png', 'image/png', bomb],
      ]),
    );
    expect(await entry(ana, 'mail-files-refused')).toMatchObject({
      files: [
        { name: 'owned.html', reason: 'file-type' },
        { name: 'bomb.png', reason: 'file-false' },
      ],
    });
    expect(empty(ana)).toEqual([]);
    await expect.poll(() => globSync('files/parts/*', { cwd: server.dataDir })).toEqual([]);
    uma.wire.close();
    await state(ana, (view) => !view.shopper.online);
    ana.send(say(uma.conversation, 'A fine vase.'));
    const answer = await smtp.mail((mail) => /A fine vase/.test(mail.text ?? ''));
    expect(answer.text).toContain('We could not take these files of yours: owned.html, bomb.png');
  });

  it('a mail that comes back is said in the thread with its address, and no machine opens what is solved', async () => {
    const noa = await leave('noa@home.example');
    const first = await smtp.mail(to('noa@home.example'));
    const ana = await agent();
    ana.send({ type: 'conversation.accept', conversation: noa.conversation });
    await state(ana, (view) => view.agent?.id === ana.me);
    noa.wire.close();
    await state(ana, (view) => !view.shopper.online);
    ana.send(say(noa.conversation, 'It is back.'));
    const answer = await smtp.mail((mail) => /It is back/.test(mail.text ?? ''));
    await entry(ana, 'mail-sent');
    const back = { what: 'answer', reason: 'bounced', to: 'noa@home.example' };
    dovecot.deliver(bounce(answer, 'delayed'));
    expect(await entry(ana, 'mail-failed')).toMatchObject({ ...back, again: true });
    dovecot.deliver(bounce(answer, 'failed'));
    expect(await entry(ana, 'mail-failed', ({ again }) => !again)).toMatchObject(back);
    // The shopper has no answer: it is ours again.
    await state(ana, ({ ticket }) => ticket?.state === 'open');

    ana.send({ type: 'ticket.state', conversation: noa.conversation, state: 'solved' });
    await state(ana, ({ status }) => status === 'closed');
    const flagged = dovecot.flagged();
    dovecot.deliver(bounce(answer, 'failed'));
    dovecot.deliver(bounce({ ...answer, messageId: '<somebody-else@home.example>' }, 'failed'));
    dovecot.deliver(reply(first, 'noa@home.example', 'I am away', { headers: ['Auto-Submitted: auto-replied'] }));
    dovecot.deliver(reply(first, 'noa@home.example', 'I am away too', { headers: ['Precedence: auto_reply'] }));
    const before = smtp.mails.length;
    await expect.poll(() => dovecot.flagged()).toBe(flagged + 2);
    // A person's word after all of them: it comes last, and alone.
    dovecot.deliver(reply(first, 'noa@home.example', 'Thank you'));
    await entry(ana, 'message', ({ text }) => text === 'Thank you');
    const last = entriesOf(ana)
      .filter(({ type }) => type !== 'ticket-changed')
      .slice(-2);
    expect(last).toMatchObject([
      { type: 'mail-failed', again: false },
      { type: 'message', text: 'Thank you' },
    ]);
    expect(smtp.mails).toHaveLength(before);
  });

  it('a ticket can be given to any colleague, signed in or not, and to nobody else', async () => {
    const ida = await leave('gil@home.example');
    const ana = await agent();
    const { conversation } = ida;
    const headers = { cookie: admin, origin: server.origin, 'content-type': 'application/json' };
    const body = { email: 'luis@shop.example', name: 'Luis', role: 'agent', topics: null, capacity: null };
    const added = await fetch(`${server.origin}/api/team`, { method: 'POST', headers, body: JSON.stringify(body) });
    const { member } = (await added.json()) as { member: { id: string } };
    ana.send({ type: 'conversation.open', conversation, after: 0 });
    ana.send({ type: 'ticket.assign', conversation, agent: member.id });
    expect(await entry(ana, 'ticket-owner')).toMatchObject({ to: { id: member.id, name: 'Luis' } });
    await state(ana, (view) => view.agent?.id === member.id);
    // Whoever left the team, or never was in it, gets none.
    await fetch(`${server.origin}/api/team/${member.id}`, { method: 'DELETE', headers });
    ana.send({ type: 'ticket.assign', conversation, agent: null });
    await state(ana, (view) => view.agent === null);
    for (const stranger of [member.id, randomUUID()])
      ana.send({ type: 'ticket.assign', conversation, agent: stranger });
    await ana.until(() => ana.frames.filter(({ type }) => type === 'refused').length === 2);
    const refused = ana.frames.flatMap((frame) => (frame.type === 'refused' ? [frame.reason] : []));
    expect(refused).toEqual(['agent-away', 'agent-away']);
  });

  it('bad addresses are refused with the message, a mail that cannot be delivered says so in the thread', async () => {
    const { wire } = await shopperWire(server);
    open.push(wire);
    const wrong = ['eva', 'eva@home.example, zoe@home.example', 'eva@home.example\r\nBcc: zoe@home.example'];
    for (const email of wrong) {
      const id = randomUUID();
      wire.send({ type: 'message.send', id, text: 'Hello', ticket: { email } });
      expect(await wire.frame('refused', (frame) => frame.id === id)).toMatchObject({ reason: 'bad-address' });
    }
    expect(wire.frames.some(({ type }) => type === 'conversation.state')).toBe(false);
    const lost = await leave('nobody@home.example');
    expect(await entry(lost.wire, 'mail-failed')).toMatchObject({
      what: 'acknowledgement',
      reason: 'refused',
      again: false,
      to: 'nobody@home.example',
    });
    // What only agents may do.
    const { conversation } = lost;
    lost.wire.send({ type: 'ticket.state', conversation, state: 'pending' });
    lost.wire.send({ type: 'ticket.assign', conversation, agent: null });
    lost.wire.send({ type: 'ticket.make', conversation });
    await lost.wire.until(() => lost.wire.frames.filter(({ type }) => type === 'refused').length === 3);
    const reasons = lost.wire.frames.flatMap((frame) => (frame.type === 'refused' ? [frame.reason] : []));
    expect(reasons).toEqual(['not-yours', 'not-yours', 'not-yours']);
  });

  it('an agent makes one, words that were not mailed yet go after a restart, and a transcript has no notes', async () => {
    const { wire, welcome } = await shopperWire(server);
    open.push(wire);
    wire.send({ type: 'message.send', id: randomUUID(), text: 'Can you repair my pot?' });
    const { conversation } = await wire.frame('message.ack');
    const ana = await agent();
    ana.send({ type: 'conversation.accept', conversation });
    ana.send({ type: 'note.send', id: randomUUID(), conversation, text: 'He is always late with paying' });
    ana.send({ type: 'ticket.make', conversation, email: 'tom@home.example' });
    const { number } = ticketOf(await state(wire, ({ ticket }) => ticket !== null));
    ana.send({ type: 'ticket.make', conversation });
    expect(await ana.frame('refused')).toMatchObject({ reason: 'taken' });
    await smtp.mail(to('tom@home.example'));
    wire.close();
    await state(ana, (view) => !view.shopper.online);
    ana.send(say(conversation, 'We can, next week.'));
    await entry(ana, 'message', ({ text }) => text === 'We can, next week.');
    await server.kill();
    server = { ...(await server.restart()), email: server.email, password: server.password };
    const answer = await smtp.mail((mail) => /next week/.test(mail.text ?? ''));
    expect(answer).toMatchObject({ subject: `[#${number}] Casa Lumbre` });
    // Numbers go on where they were.
    const next = await leave('ida@home.example');
    expect(ticketOf(await state(next.wire, ({ ticket }) => ticket !== null)).number).toBe(number + 1);

    const back = await shopperWire(server, { token: welcome.token });
    open.push(back.wire);
    // To the ticket's address, whatever is asked for.
    back.wire.send({ type: 'transcript.send', conversation, email: 'mallory@evil.example' });
    const transcript = await smtp.mail((mail) => /Your conversation/.test(mail.subject ?? ''));
    expect(transcript.to?.[0]?.address).toBe('tom@home.example');
    expect(transcript.text).toMatch(/You: Can you repair my pot\?[^]*Ana: We can, next week\./);
    expect(transcript.text).not.toMatch(/late/);
    for (let asked = 0; asked < 3; asked++) back.wire.send({ type: 'transcript.send', conversation });
    expect(await back.wire.frame('refused')).toMatchObject({ of: 'transcript.send', reason: 'too-fast' });
  });
});

describe('promise 25: without mail', () => {
  it('a ticket is answered in the chat, with the hours that the shop has', async () => {
    const plain = await startServer();
    try {
      const cookie = await signIn(plain);
      const day = [{ from: 540, to: 1_080 }];
      const weekly = [day, day, day, day, day, day, day];
      await settle(plain, cookie, 'hours', { zone: 'Europe/Madrid', weekly, exceptions: {} });
      const { wire, welcome } = await shopperWire(plain);
      expect(welcome.shop.mail).toBe(false);
      wire.send({ type: 'message.send', id: randomUUID(), text: 'Hello', ticket: {} });
      const view = await state(wire, ({ ticket }) => ticket !== null);
      // 24 hours of nine a day: on the third day at the earliest.
      expect((ticketOf(view).dueAt ?? 0) - Date.now()).toBeGreaterThan(48 * 3_600_000);
      // Of a topic that never closes it is due a day after it was written.
      const always = { zone: 'Europe/Madrid', weekly: weekly.map(() => [{ from: 0, to: 1_440 }]), exceptions: {} };
      await settle(plain, cookie, 'topics', [{ id: 'urgent', name: { en: 'Urgent' }, hours: always, paths: [] }]);
      const { wire: ana } = await agentWire(plain, cookie);
      ana.send({ type: 'conversation.topic', conversation: view.id, topic: 'urgent' });
      const { at } = await entry(wire, 'message');
      const urgent = await state(
        wire,
        ({ topic, ticket }) => topic === 'urgent' && ticket?.dueAt === at + 24 * 3_600_000,
      );
      expect(ticketOf(urgent).state).toBe('open');
      ana.close();
      wire.send({ type: 'transcript.send', conversation: view.id, email: 'eva@home.example' });
      expect(await wire.frame('refused')).toMatchObject({ reason: 'no-mail' });
      wire.close();
    } finally {
      await plain.remove();
    }
  });

  it.each([
    [{ SMTP_URL: 'http://mail.shop.example', MAIL_FROM: 'help@shop.example' }, /SMTP_URL=…: must begin with smtp/],
    [{ SMTP_URL: 'smtp://u:geheim@mail.shop.example' }, /SMTP_URL and MAIL_FROM go together/],
    [{ SMTP_URL: 'smtp://u:geheim@h.example', MAIL_FROM: 'noreply@shop.example' }, /MAIL_FROM=.*reads its answers/],
    [{ SMTP_URL: 'smtp://u:geheim@h.example', MAIL_FROM: 'help' }, /MAIL_FROM=help: must be an address/],
    [{ IMAP_URL: 'imaps://geheim@h.example' }, /IMAP_URL=…: must have a user and a password/],
    [{ IMAP_URL: 'imaps://u:geheim@h.example' }, /IMAP_URL needs SMTP_URL/],
  ])('settings that cannot be used are said at the start, without the password: %j', (env, said) => {
    expect(() => readConfig(env)).toThrow(said);
    expect(() => readConfig(env)).not.toThrow(/geheim/);
  });
});
