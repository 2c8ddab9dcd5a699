import { createTransport } from 'nodemailer';
import { mailServer } from './mail-server.ts';
import { MailError, type Letter, type Mailer } from './mail.ts';

const CONNECT_MS = 10_000;
const SEND_MS = 60_000;

export type SmtpOptions = {
  /** `smtp://user:password@host:587` (STARTTLS; without it only on this machine, or without a password) or `smtps://…:465`. */
  url: string;
  /** `Name <address>` or an address: people can answer to it. */
  from: string;
};

/** Mails over one SMTP server. */
export function smtpMailer({ url, from }: SmtpOptions): Mailer {
  const { host, port, secure, mustUpgrade, auth } = mailServer(url, { plain: 587, secure: 465 });
  const transport = createTransport({
    host,
    port,
    secure,
    requireTLS: mustUpgrade,
    ...(auth && { auth }),
    pool: true,
    maxConnections: 2,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SEND_MS,
    // Texts and names come from strangers: nothing in them is a file or an address to be fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
  });

  return {
    async send({ messageId, to, subject, text, references }: Letter) {
      const inReplyTo = references.at(-1);
      try {
        await transport.sendMail({
          from,
          // As an object: an address is never read as a list of them.
          to: { name: '', address: to },
          subject,
          text,
          messageId,
          ...(inReplyTo && { inReplyTo, references: [...references] }),
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'OOF, AutoReply' },
        });
      } catch (error) {
        throw new MailError(isRefusal(error) ? 'refused' : 'unreachable', error);
      }
    },
    async close() {
      transport.close();
      await Promise.resolve();
    },
  };
}

/** 5yz after MAIL or RCPT is a "no" for good (RFC 5321, 4.2.1); a wrong password or a server that is away is not the mail's fault. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, responseCode } = error as { code?: string; responseCode?: number };
  return code === 'EENVELOPE' || code === 'EMESSAGE' ? (responseCode ?? 0) >= 500 : false;
}
