import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ImapMailbox } from '../../server/mail/imap.ts';
import type { ReceivedMail, Reception } from '../../server/mail/mail.ts';
import { MailOutbox } from '../../server/mail/mail-outbox.ts';
import { MessageIds } from '../../server/mail/message-ids.ts';
import { readApart } from '../../server/mail/read-apart.ts';
import { readMail } from '../../server/mail/read-mail.ts';
import { REPLY_LINE, replyText } from '../../server/mail/reply-text.ts';
import { smtpMailer } from '../../server/mail/smtp.ts';
import { openSqlite } from '../../server/storage/sqlite.ts';
import type { Storage } from '../../server/storage/storage.ts';
import { aConversation, aShop } from '../storage/samples.ts';
import { startDovecot, type Dovecot } from '../support/mail/dovecot.ts';
import { startSmtp, type SmtpHouse } from '../support/mail/smtp-house.ts';

const ids = new MessageIds('a secret of the tests', 'shop.example');
const log = { error: () => {} };

describe('promise 25: a mail that goes out', () => {
  let smtp: SmtpHouse;
  let storage: Storage;
  let folder: string;
  let of: { shop: string; conversation: string };
  beforeEach(async () => {
    smtp = await startSmtp();
    folder = await mkdtemp(join(tmpdir(), 'mostrador-mail-'));
    storage = await openSqlite({ dir: folder });
    const shop = aShop();
    await storage.saveShop(shop);
    const conversation = aConversation(shop.id);
    await storage.append(conversation, []);
    of = { shop: shop.id, conversation: conversation.id };
  });
  afterEach(async () => {
    await storage.close();
    await smtp.close();
    await rm(folder, { recursive: true });
  });

  const open = (url = smtp.url, now = Date.now): MailOutbox =>
    new MailOutbox({
      storage,
      mailer: smtpMailer({ url, from: 'Casa Lumbre <help@shop.example>' }),
      ids,
      now,
      log,
    });

  it('reaches a real SMTP server with an address to answer to, and what it continues', async () => {
    const outbox = open();
    const id = randomUUID();
    await outbox.add({
      ...of,
      id,
      to: 'eva@home.example',
      subject: 'Ticket 12: ¿una taza?',
      text: 'Hola ñ\n.\nfin',
      references: ['<a@b>', '<c@d>'],
    });
    const mail = await smtp.mail(({ to }) => to?.[0]?.address === 'eva@home.example');
    expect(mail).toMatchObject({
      from: { name: 'Casa Lumbre', address: 'help@shop.example' },
      subject: 'Ticket 12: ¿una taza?',
      messageId: ids.of(id),
      inReplyTo: '<c@d>',
    });
    expect(mail.text?.trim()).toBe('Hola ñ\n.\nfin');
    expect(mail.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated');
    await expect.poll(async () => (await storage.mail(id))?.sentAt).toEqual(expect.any(Number));
    await outbox.close();
  });

  it('waits durably for a server that is away, and goes when it is back, also after a restart', async () => {
    await smtp.close();
    const first = open();
    const id = randomUUID();
    await first.add({ ...of, id, to: 'eva@home.example', subject: 'Later', text: 'x', references: [] });
    await expect.poll(async () => (await storage.mail(id))?.attempts).toBe(1);
    await first.close();
    smtp = await startSmtp({ port: smtp.port });
    const soon = Date.now() + 2 * 60_000;
    const second = open(smtp.url, () => soon);
    expect((await smtp.mail(() => true)).messageId).toBe(ids.of(id));
    await second.close();
    expect(await storage.mail(id)).toMatchObject({ nextAt: null, error: null, attempts: 2 });
  });

  it('that is refused for good stands in the record with the reason, and holds up no other', async () => {
    const outbox = open();
    const [lost, found] = [randomUUID(), randomUUID()];
    await outbox.add({ ...of, id: lost, to: 'nobody@home.example', subject: 'x', text: 'x', references: [] });
    await outbox.add({ ...of, id: found, to: 'eva@home.example', subject: 'y', text: 'y', references: [] });
    await smtp.mail(({ subject }) => subject === 'y');
    await expect.poll(async () => (await storage.mail(lost))?.error).toContain('no such person here');
    expect((await storage.mail(lost))?.nextAt).toBeNull();
    await outbox.close();
    expect(smtp.mails).toHaveLength(1);
  });

  it('goes to a server that takes passwords in the clear on this machine alone', async () => {
    // To who reads it another machine.
    const outbox = open(smtp.url.replace('127.0.0.1', '[::ffff:127.0.0.1]'));
    const id = randomUUID();
    await outbox.add({ ...of, id, to: 'eva@home.example', subject: 'x', text: 'x', references: [] });
    await expect.poll(async () => (await storage.mail(id))?.error).toContain('STARTTLS');
    expect((await storage.mail(id))?.nextAt).not.toBeNull();
    await outbox.close();
    expect(smtp.logins).toEqual([]);
    expect(smtp.mails).toEqual([]);
  });

  it('cannot be given more recipients or headers by what a stranger writes', async () => {
    const outbox = open();
    const text = 'x\r\nBcc: everybody@home.example\r\n\r\n.\r\nRCPT TO:<other@home.example>';
    const subject = 'Hello\r\nBcc: everybody@home.example';
    await outbox.add({
      ...of,
      id: randomUUID(),
      to: 'eva@home.example, zoe@home.example',
      subject,
      text,
      references: [],
    });
    await outbox.add({ ...of, id: randomUUID(), to: 'eva@home.example', subject, text, references: [] });
    const mail = await smtp.mail(({ to }) => to?.[0]?.address === 'eva@home.example');
    await outbox.close();
    expect(mail.bcc ?? []).toEqual([]);
    expect(mail.to).toHaveLength(1);
    const reached = smtp.mails.flatMap(({ to }) => to ?? []).map(({ address }) => address);
    expect(reached).not.toContain('zoe@home.example');
  });
});

describe('promise 25: a mail that comes in', () => {
  let dovecot: Dovecot;
  let mailbox: ImapMailbox | null = null;
  beforeEach(async () => (dovecot = await startDovecot()));
  afterEach(async () => {
    await mailbox?.close();
    await dovecot.close();
  });

  const mail = (subject: string, headers: string[] = [], body = 'Thank you!'): string =>
    [
      `From: Eva <eva@home.example>`,
      `To: help@shop.example`,
      `Subject: ${subject}`,
      `Message-ID: <${subject}@home.example>`,
      ...headers,
      '',
      body,
    ].join('\n');

  type Receive = (mail: ReceivedMail) => Promise<Reception>;
  function watch(receive: Receive, url = dovecot.url, error: (what: unknown) => void = () => {}): void {
    mailbox = new ImapMailbox({ url, folder: 'INBOX', receive, log: { error } });
  }

  it('is not fetched in the clear from another machine: the password stays here', async () => {
    dovecot.deliver(mail('before'));
    let told = 0;
    const received: ReceivedMail[] = [];
    const receive: Receive = async (one) => (received.push(one), await Promise.resolve('taken'));
    // To who reads it another machine.
    const elsewhere = dovecot.url.replace('127.0.0.1', '[::ffff:127.0.0.1]');
    watch(receive, elsewhere, () => (told += 1));
    await expect.poll(() => told).toBe(1);
    expect(dovecot.log()).not.toContain('Login:');
    expect(received).toEqual([]);
    await mailbox?.close();
    watch(receive);
    await expect.poll(() => received).toHaveLength(1);
    expect(dovecot.log()).toContain('Login:');
  });

  it('is read from a real IMAP server as it comes, once, and what is not for us stays unread', async () => {
    const received: ReceivedMail[] = [];
    dovecot.deliver(mail('before', [`In-Reply-To: ${ids.of('one')}`, `References: <old@x> ${ids.of('one')}`]));
    watch(async (one) => {
      received.push(one);
      return one.answers.some((answer) => ids.read(answer)) ? 'taken' : 'not-ours';
    });
    await expect.poll(() => received).toHaveLength(1);
    expect(received[0]).toEqual({
      messageId: '<before@home.example>',
      from: 'eva@home.example',
      answers: [ids.of('one'), ids.of('one'), '<old@x>'],
      text: 'Thank you!',
      files: [],
      report: null,
      automatic: false,
    });
    dovecot.deliver(mail('newsletter'));
    dovecot.deliver(mail('while', [`In-Reply-To: ${ids.of('two')}`]));
    await expect.poll(() => received).toHaveLength(3);
    await expect.poll(() => dovecot.mails()).toEqual({ read: 2, unread: 1 });
  });

  it('one whose reader failed comes again', async () => {
    let tries = 0;
    watch(async () => {
      tries += 1;
      if (tries === 1) throw new Error('the database is away');
      return 'taken';
    });
    dovecot.deliver(mail('first'));
    await expect.poll(() => tries).toBe(1);
    dovecot.deliver(mail('second'));
    await expect.poll(() => dovecot.mails()).toEqual({ read: 2, unread: 0 });
  });

  it('one that fails each time holds up no other', async () => {
    watch(async ({ messageId }) => {
      if (messageId === '<poison@home.example>') throw new Error('it never works');
      return 'taken';
    });
    dovecot.deliver(mail('poison'));
    dovecot.deliver(mail('after'));
    await expect.poll(() => dovecot.mails()).toEqual({ read: 1, unread: 1 });
  });
});

describe('promise 25: a mail that is made to do harm', () => {
  const source = (type: string, body: string): Uint8Array =>
    Buffer.from(`From: eve@evil.example\r\nContent-Type: ${type}\r\n\r\n${body}`);

  it.each([
    ['nothing but line ends', 'text/html', `${'\n'.repeat(1_500_000)}x`],
    ['a thousand parts', 'multipart/mixed; boundary=b', `${'--b\r\n\r\nx\r\n'.repeat(150_000)}--b--`],
  ])('%s: who reads it is stopped, and the next one is read', async (_, type, body) => {
    expect(await readApart(source(type, body), { withinMs: 3_000 })).toBe('unreadable');
    expect(await readApart(source('text/plain', 'Hello'))).toMatchObject({ text: 'Hello' });
  });

  it.each([
    ['unclosed tags', `Hello ${'<style '.repeat(80_000)}`],
    ['closed in the end', `Hello ${'<title>'.repeat(80_000)}</title>`],
    ['a border that goes on and on', `Hello <blockquote style="${'border:none'.repeat(50_000)}border-left">x`],
  ])('%s: it takes no longer than another one of its size', async (_, html) => {
    expect(await readApart(source('text/html', html), { withinMs: 3_000 })).toMatchObject({
      text: expect.stringMatching(/^Hello/),
    });
  });
});

const read = async (lines: readonly string[], more = {}) =>
  await readMail(Buffer.from(['From: eva@home.example', ...lines].join('\r\n')), more);

describe('promise 25: what else is in a mail', () => {
  const part = (headers: string[], body: string): string[] => ['--b', ...headers, '', body];
  const MIXED = ['Content-Type: multipart/mixed; boundary=b', ''];

  it('files: those that somebody sent, not the logos and proofs of their program; none of a mail that is cut', async () => {
    const file = (name: string, disposition: string, bytes: number): string[] =>
      part(
        [
          'Content-Transfer-Encoding: base64',
          `Content-Type: image/png; name="${name}"`,
          `Content-Disposition: ${disposition}; filename="${name}"`,
        ],
        Buffer.alloc(bytes, 'x').toString('base64'),
      );
    const lines = [
      ...MIXED,
      ...part(['Content-Type: text/plain'], 'Look'),
      ...file('small.png', 'attachment', 10),
      ...file('logo.png', 'inline', 10),
      ...file('../../pho\u202eto.png', 'inline', 30_000),
      ...part(['Content-Type: application/pkcs7-signature; name=smime.p7s'], 'x'),
      '--b--',
    ];
    const mail = await read(lines);
    expect(mail?.text).toBe('Look');
    expect(mail?.files.map(({ name, type, content }) => [name, type, content?.length])).toEqual([
      ['small.png', 'image/png', 10],
      ['../../photo.png', 'image/png', 30_000],
    ]);
    expect((await read(lines, { cut: true }))?.files.map(({ content }) => content)).toEqual([null, null]);
  });

  const returned = (id: string, type = 'message/rfc822'): string[] =>
    part(
      [`Content-Type: ${type}`],
      `From: help@shop.example\r\nMessage-ID: ${id}\r\nReferences: <before@x>\r\n\r\nHello`,
    );
  const dsn = (action: string, ...about: string[]): string[] => [
    'Content-Type: multipart/report; report-type=delivery-status;',
    '\tboundary="b"',
    'Message-ID: <the-report@mx.example>',
    '',
    ...part(['Content-Type: text/plain'], 'This is the mail system. I am sorry.'),
    ...part(
      ['Content-Type: message/delivery-status'],
      `Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; eva@home.example\r\nAction: ${action}\r\nStatus: 5.1.1`,
    ),
    ...about,
    '--b--',
  ];

  it('what a mail server says of a mail of ours, whole or by its headers', async () => {
    const own = ids.of('one');
    const failed = await read(dsn('failed', ...returned(own)));
    expect(failed).toMatchObject({ report: { outcome: 'failed' }, automatic: true, files: [] });
    expect(failed?.report?.about).toEqual([own, '<before@x>']);
    const delayed = await read(dsn('Delayed', ...returned(own, 'text/rfc822-headers')));
    expect(delayed?.report).toEqual({ outcome: 'delayed', about: [own, '<before@x>'] });
    expect((await read(dsn('delivered')))?.report).toEqual({ outcome: 'arrived', about: [] });
    // Whoever writes about one has not made one.
    expect((await read([...MIXED, ...returned(own), '--b--']))?.report).toBeNull();
  });
});

describe('promise 25: what of a mail is an answer', () => {
  it('our message ids are known by their signature alone', () => {
    const id = randomUUID();
    expect(ids.read(ids.of(id))).toBe(id);
    expect(ids.read(ids.of(id).replace(id, randomUUID()))).toBeNull();
    expect(new MessageIds('another secret', 'shop.example').read(ids.of(id))).toBeNull();
    for (const foreign of ['', '<>', 'x', `<${'a.'.repeat(500)}@b>`]) expect(ids.read(foreign)).toBeNull();
  });

  it.each([
    [
      `Yes, please.\n\nOn Tue, 24 Nov 2026 at 10:00, Casa Lumbre <help@shop.example> wrote:\n> ${REPLY_LINE}\n> Which one?`,
      'Yes, please.',
    ],
    [`Sí.\n\nEl mar, 24 nov 2026 a las 10:00, Casa Lumbre (<help@shop.example>)\nescribió:\n\n> ¿Cuál?`, 'Sí.'],
    ['One\n\nTwo\n-- \nEva\n+34 600', 'One\n\nTwo'],
    ['> quoted above\nmy answer below\n> and the rest', 'my answer below'],
    [
      `On Tue, 24 Nov 2026 at 10:00, Casa Lumbre <help@shop.example> wrote:\n> ${REPLY_LINE}\n> Which one?\n>> Is it back?\n\nThe blue one.\n\nThank you!\n-- \nEva`,
      'The blue one.\n\nThank you!',
    ],
    [
      'Hola:\n\nEl mar, 24 nov 2026 a las 10:00, Casa Lumbre (<help@shop.example>)\nescribió:\n\n> ¿Cuál?\nLa azul.\n> ¿Cuántas?\nDos.',
      'Hola:\n\nLa azul.\n\nDos.',
    ],
    ['-- \nEva\n-----Mensaje original-----\n> ¿Cuál?\n\nLa azul.', 'La azul.'],
    // Not marked as quoted: where it ends cannot be told.
    [`Yes.\n\nOn Tue, 24 Nov 2026, Casa Lumbre wrote:\n\nWhich one?\n> Is it back?\nAna`, 'Yes.'],
    [`Yes.\n${REPLY_LINE}\nWhich one?\nYou wrote:\n> Is it back?`, 'Yes.'],
    ['On the table it looks good.\nWhat do you think?', 'On the table it looks good.\nWhat do you think?'],
    ['Fine\n\n-----Original Message-----\nFrom: help', 'Fine'],
    ['> only a quote', ''],
  ])('%j', (text, answer) => expect(replyText(text)).toBe(answer));

  const QUOTE = `<blockquote type="cite"><p>${REPLY_LINE}</p><blockquote>Is it back?</blockquote><p>Which one?</p></blockquote>`;
  const BEGINS = '<div class="moz-cite-prefix">\r\n    On 24/11/2026 10:00, Casa Lumbre\r\n      wrote:<br></div>';
  it.each([
    ['above the quote', `<p>The blue one.</p>${BEGINS}${QUOTE}`, 'The blue one.'],
    ['below it', `${BEGINS}${QUOTE}<p>The blue one.</p>`, 'The blue one.'],
    ['on both sides', `<p>Hello,</p>${QUOTE}<p>the blue one.</p>${QUOTE}<p>Eva</p>`, 'Hello,\n\nthe blue one.\n\nEva'],
    ['above one that is never closed', '<p>The blue one.</p><blockquote>Which one?<p>Ana', 'The blue one.'],
    [
      'moved in',
      `<blockquote style="margin:0 0 0 40px;border:none">The blue one.</blockquote>${QUOTE}`,
      'The blue one.',
    ],
    ['only a quote, as Word draws it', '<blockquote style="border:none;border-left:solid">Which one?</blockquote>', ''],
    [
      'below a picture',
      `<img src="data:image/png;base64,${'A'.repeat(600_000)}"><p>The blue one.</p>`,
      'The blue one.',
    ],
  ])('of HTML alone: %s', async (_, html, answer) => {
    expect((await read(['Content-Type: text/html', '', html]))?.text).toBe(answer);
  });

  it.each([
    [
      '&iexcl;Adi&oacute;s, ni&ntilde;o! &iquest;Cu&aacute;nto es &ndash; 10&nbsp;&euro;?',
      '¡Adiós, niño! ¿Cuánto es – 10 €?',
    ],
    ['&Agrave;&THORN;&szlig;&times;&divide;&yuml;&frac12;&sup2;&hellip;&rsquo;', 'ÀÞß×÷ÿ½²…’'],
    ['&#241;&#xF1;&#X1f600;&#146;', 'ññ😀’'],
    ['&amp;lt;b&amp;gt; &lt;b&gt;', '&lt;b&gt; <b>'],
    ['&nothing; &constructor; &; a&b;c', '&nothing; &constructor; &; a&b;c'],
    ['&#0;&#xD800;&#99999999;', '\ufffd\ufffd\ufffd'],
  ])('of HTML alone, its characters: %s', async (html, text) => {
    expect((await read(['Content-Type: text/html', '', html]))?.text).toBe(text);
  });

  it('of a long one the beginning, which says where the rest is: in a file; of one that is cut the file is said to be missing', async () => {
    const long = `${'a'.repeat(19_899)}😀${'b'.repeat(30_000)}`;
    const mail = await read(['', long]);
    expect(mail?.text).toBe(`${'a'.repeat(19_899)}\n[… mail.txt]`);
    expect(mail?.files).toEqual([{ name: 'mail.txt', type: 'text/plain', content: new TextEncoder().encode(long) }]);
    expect((await read(['', long], { cut: true }))?.files).toMatchObject([{ name: 'mail.txt', content: null }]);
    const short = 'a'.repeat(19_900);
    expect(await read(['', short])).toMatchObject({ text: short, files: [] });
  });

  it('machines are told from people, and HTML is only ever text', async () => {
    expect(await read(['Auto-Submitted: auto-replied', '', 'I am away'])).toMatchObject({ automatic: true });
    expect(await read(['Precedence: bulk', '', 'x'])).toMatchObject({ automatic: true });
    expect(await read(['Auto-Submitted: no', '', 'x'])).toMatchObject({ automatic: false });
    const html =
      '<style>p{}</style><p>Hola &amp; <b>adi&oacute;s</b></p><script>alert(1)</script><img src=x onerror=1>';
    const mail = await read(['Content-Type: text/html', '', html]);
    expect(mail?.text).toBe('Hola & adiós');
    expect(await readMail(Buffer.from('no mail at all'))).toBeNull();
    expect(await readMail(Buffer.alloc(0))).toBeNull();
  });
});
