import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { createCheckedLookup, type Resolve } from './checked-lookup.ts';
import type { ComposedMail } from './compose-mail.ts';
import type { SmtpServer } from './smtp-server.ts';

export interface DeliveryTimes {
  /** Until the server has greeted us. */
  connectMs: number;
  /** Without a word from the server. */
  silenceMs: number;
  /** For all of it. */
  wholeMs: number;
}

/** `handedOver`: the server had asked for the text, so that it may have it whatever happened then. */
export type Delivery = { ok: true } | { ok: false; error: Error; handedOver: boolean };

/**
 * One mail over one connection of its own, made by nodemailer's SMTP client; its ready-made transport is not used, because it does not
 * tell whether the text had gone out when a connection broke. Never rejects, and settles within `wholeMs`.
 */
export async function deliverMail(mail: ComposedMail, { server, resolve, times }: DeliveryMeans): Promise<Delivery> {
  // Loaded with the first mail, like what composes it.
  const { default: Connection } = await import('nodemailer/lib/smtp-connection');
  return await new Promise((done) => {
    const state = { handedOver: false };
    const socket = openSocket(server, resolve);
    const timer = setTimeout(() => fail(new Error(`not done within ${times.wholeMs} ms`)), times.wholeMs);
    const finish = (delivery: Delivery) => {
      clearTimeout(timer);
      done(delivery);
    };
    // May be called again by what comes too late: the first word counts, and an error nobody listens to would end the process.
    const fail = (error: Error) => {
      finish({ ok: false, error, handedOver: state.handedOver });
      socket.destroy();
    };
    socket.on('error', fail);
    socket.setTimeout(times.connectMs, () => fail(new Error(`no connection within ${times.connectMs} ms`)));
    socket.once('connect', () => {
      socket.removeAllListeners('timeout');
      const connection = createConnection(Connection, socket, server, times);
      connection.on('error', fail);
      converse(connection, server, mail, state).then(() => {
        finish({ ok: true });
        connection.quit();
      }, fail);
    });
  });
}

export interface DeliveryMeans {
  server: SmtpServer;
  resolve: Resolve;
  times: DeliveryTimes;
}

/** To exactly the address that was checked. */
function openSocket({ target, name, port }: SmtpServer, resolve: Resolve): Socket {
  return connect({ host: name, port, lookup: createCheckedLookup(target, resolve) });
}

function createConnection(
  Connection: typeof SMTPConnection,
  connection: Socket,
  { name, port, secure, requireTls }: SmtpServer,
  times: DeliveryTimes,
): SMTPConnection {
  return new Connection({
    connection,
    host: name,
    port,
    secure,
    requireTLS: requireTls,
    connectionTimeout: times.connectMs,
    greetingTimeout: times.connectMs,
    socketTimeout: times.silenceMs,
    logger: false,
  });
}

/** Greeting, TLS, credential, envelope, text. Rejects with what nodemailer or the server says. */
async function converse(
  connection: SMTPConnection,
  { credentials }: SmtpServer,
  { envelope, message }: ComposedMail,
  state: { handedOver: boolean },
): Promise<void> {
  await step((done) => connection.connect(done));
  // Also where the server offers no sign-in: the admin said that it needs one, and hears that it does not take it.
  if (credentials) await step((done) => connection.login({ credentials }, done));
  // Begun only when the server has asked for the text (354).
  async function* text() {
    state.handedOver = true;
    yield message;
  }
  await step((done) => connection.send({ ...envelope, size: message.length }, Readable.from(text()), done));
}

function step(run: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => run((error) => (error ? reject(error) : resolve())));
}
