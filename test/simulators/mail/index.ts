import type { AddressInfo, Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Hono } from 'hono';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { z } from 'zod';
import { command } from '../frame/command.ts';
import { createCommandControl } from '../frame/command-control.ts';
import { Journal } from '../frame/journal.ts';
import { createMailFailures, mailFailureSchema } from './failures.ts';
import { toInboxPage } from './inbox-page.ts';
import { type ReceivedMail, readMail } from './read-mail.ts';

interface MailSimulatorOptions {
  journal?: Journal;
  now?: () => Date;
  /** 0 or none: any free one. */
  port?: number;
  /** Who may send; without it anybody. */
  auth?: { user: string; pass: string };
}

/** An SMTP server on this machine that keeps what it gets. Plain SMTP: no TLS is offered. */
export type MailSimulator = Awaited<ReturnType<typeof createMailSimulator>>;

/** Resolves when it listens. */
export async function createMailSimulator({ now = () => new Date(), ...options }: MailSimulatorOptions = {}) {
  const journal = options.journal ?? new Journal(now);
  const failures = createMailFailures();
  const mails: ReceivedMail[] = [];
  const refused = new Set<string>();
  const sockets = new Map<number, Socket>();

  const note = (what: string, status: number | null, detail: Record<string, unknown>) =>
    journal.add({ simulator: 'mail', kind: 'mail', what, status, detail });

  /** Keeps the mail, then answers as planned. @throws Refusal */
  const take = async (stream: Readable, session: SMTPServerSession): Promise<'answer' | 'silence'> => {
    const { mailFrom, rcptTo } = session.envelope;
    const from = mailFrom ? mailFrom.address : '';
    const to = rcptTo.map(({ address }) => address);
    const content = await readMail(stream);
    const failure = failures.take('reject', 'drop', 'hang');
    if (failure === 'reject') {
      note('rejected', 554, { to, subject: content.subject });
      throw new Refusal(554, 'This message is not wanted here');
    }
    if (failure === 'hang') {
      note('hanging', null, { to, subject: content.subject });
      return 'silence';
    }
    const mail = { id: mails.length + 1, at: now().toISOString(), from, to, ...content };
    mails.push(mail);
    const { subject, links, messageId, text } = mail;
    note('received', failure === 'drop' ? null : 250, { id: mail.id, from, to, subject, links, messageId, text });
    if (failure !== 'drop') return 'answer';
    sockets.get(session.remotePort)?.destroy();
    return 'silence';
  };

  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', ...(options.auth ? [] : ['AUTH'])],
    authOptional: !options.auth,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    onAuth({ username, password }, _session, done) {
      const isKnown = username === options.auth?.user && password === options.auth?.pass;
      if (!isKnown) note('sign-in refused', 535, { user: username ?? null });
      done(isKnown ? null : new Refusal(535, 'Wrong user or password'), { user: username });
    },
    onRcptTo({ address }, _session, done) {
      const refusal = refused.has(address.toLowerCase())
        ? new Refusal(550, 'No such mailbox')
        : failures.take('greylist') && new Refusal(451, 'Greylisted, come again later');
      if (refusal) note(refusal.responseCode === 550 ? 'address refused' : 'greylisted', refusal.responseCode, { to: [address] });
      done(refusal);
    },
    onData(stream, session, done) {
      take(stream, session).then(
        (next) => next === 'answer' && done(),
        (error: Error) => done(error),
      );
    },
  });
  // A sender that breaks off is its own business.
  server.on('error', () => {});
  server.server.on('connection', (socket: Socket) => {
    const { remotePort } = socket;
    if (remotePort === undefined) return;
    sockets.set(remotePort, socket);
    socket.once('close', () => sockets.delete(remotePort));
  });
  const port = await listen(server, options.port ?? 0);

  const address = z.strictObject({ address: z.string().toLowerCase() });
  const commands = {
    /** 550 for this recipient from now on. */
    refuse: command(address, (input) => void refused.add(input.address)),
    accept: command(address, (input) => void refused.delete(input.address)),
    failNext: command(mailFailureSchema, failures.plan),
    clearFailures: command(z.strictObject({}).default({}), failures.clear),
  };
  const { user, pass } = options.auth ?? {};
  const credentials = user === undefined ? '' : `${encodeURIComponent(user)}:${encodeURIComponent(pass ?? '')}@`;
  const control: Hono = createCommandControl({
    name: 'mail',
    journal,
    commands,
    toState: () => ({ mails, refused: [...refused] }),
    toPage: () => toInboxPage({ mails, refused: [...refused] }),
  });
  return {
    name: 'mail' as const,
    /** "smtp://127.0.0.1:41234", with credentials where they are needed. */
    url: `smtp://${credentials}127.0.0.1:${port}`,
    port,
    control,
    journal,
    /** Oldest first. */
    mails: (): readonly ReceivedMail[] => mails,
    ...commands,
    /** Stops listening and cuts the connections that are still open. */
    async close(): Promise<void> {
      for (const socket of sockets.values()) socket.destroy();
      await new Promise<void>((done) => server.close(done));
    },
  };
}

/** What smtp-server turns into an answer of that code. */
class Refusal extends Error {
  readonly responseCode: number;
  constructor(responseCode: number, message: string) {
    super(message);
    this.responseCode = responseCode;
  }
}

function listen(server: SMTPServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address: AddressInfo | string | null = server.server.address();
      if (address === null || typeof address === 'string') reject(new Error('The mail server has no port'));
      else resolve(address.port);
    });
  });
}
