import { createServer, type Server, type Socket } from 'node:net';
import { setDefaultCACertificates } from 'node:tls';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import type { Mail } from '../../../server/outbound/mailer.ts';
import { createSmtpMailer, type SmtpMailerOptions } from '../../../server/outbound/smtp-mailer.ts';
import { makeCertificate } from '../../simulators/frame/certificate.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const MAIL: Mail = {
  to: 'ada@example.com',
  subject: 'Northwind: Senior SWE — the test',
  text: 'Hello Ada,\n\nhttps://vendor.example/t/1\n.\nBye',
  html: '<p>Hello <b>Ada</b>, <a href="https://vendor.example/t/1">here</a></p>',
  reference: '0f8fad5b-d9cb-469f-a165-70867728950e.1',
};

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A real SMTP server that keeps what it accepts. */
async function startServer(options: SMTPServerOptions = {}) {
  const accepted: { from: string; to: string[]; raw: string; secure: boolean; user: unknown }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    closeTimeout: 1,
    onAuth: ({ username, password }, _session, callback) =>
      username === 'tagalong' && password === 'p@ss%word'
        ? callback(null, { user: username })
        : callback(Object.assign(new Error('Invalid login'), { responseCode: 535 })),
    onData(stream, { envelope, secure, user }, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const from = envelope.mailFrom ? envelope.mailFrom.address : '';
        const to = envelope.rcptTo.map(({ address }) => address);
        accepted.push({ from, to, raw: Buffer.concat(chunks).toString('utf8'), secure, user });
        callback();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = server.server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return { accepted, host: `127.0.0.1:${address.port}`, port: address.port };
}

/** Speaks from a script: what it answers to each line that begins so; `cut` breaks the connection. */
async function startScripted(script: Record<string, string | 'cut' | 'silence'>) {
  const sockets = new Set<Socket>();
  const heard: string[] = [];
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    const act = (key: string, usual: string) => {
      const answer = script[key] ?? usual;
      if (answer === 'cut') socket.resetAndDestroy();
      else if (answer !== 'silence') socket.write(`${answer}\r\n`);
    };
    act('greeting', '220 mail.example ESMTP');
    let inText = false;
    socket.on('data', (bytes) => {
      for (const line of bytes.toString('latin1').split('\r\n').filter(Boolean)) {
        heard.push(line);
        if (inText && line !== '.') continue;
        const word = inText ? 'text' : (line.split(/[ :]/)[0] ?? '').toUpperCase();
        inText = false;
        act(word, word === 'DATA' ? '354 go on' : '250 ok');
        inText = word === 'DATA' && (script.DATA ?? '354').startsWith('354');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return { host: `127.0.0.1:${address.port}`, heard };
}

/** Short only where it is waited for that nothing comes. */
function timesFor(script: Record<string, string>): Partial<SmtpMailerOptions> {
  const isSilent = Object.values(script).includes('silence');
  return isSilent ? { times: { connectMs: 1_000, silenceMs: 1_000, wholeMs: 2_000 } } : {};
}

function createMailer(host: string, options: Partial<SmtpMailerOptions> = {}) {
  const lines: object[] = [];
  const mailer = createSmtpMailer({
    url: `smtp://${host}`,
    from: 'Northwind Recruiting <jobs@northwind.example>',
    log: { debug: (fields) => void lines.push(fields), warn: (fields) => void lines.push(fields) },
    testHosts: [host],
    clock: { now: () => NOW },
    times: { connectMs: 10_000, silenceMs: 10_000, wholeMs: 20_000 },
    ...options,
  });
  return { mailer, logged: () => JSON.stringify(lines) };
}

describe('a mail that the server takes', () => {
  it('arrives once, as text and HTML, from the company to the candidate', async () => {
    const { accepted, host } = await startServer();
    expect(await createMailer(host).mailer.send(MAIL)).toEqual({ ok: true, value: undefined });
    expect(accepted).toMatchObject([{ from: 'jobs@northwind.example', to: ['ada@example.com'] }]);
    const parsed = await PostalMime.parse(accepted[0]?.raw ?? '');
    expect(parsed).toMatchObject({
      subject: MAIL.subject,
      from: { name: 'Northwind Recruiting', address: 'jobs@northwind.example' },
      to: [{ address: 'ada@example.com' }],
      messageId: '<0f8fad5b-d9cb-469f-a165-70867728950e.1@northwind.example>',
      date: NOW.toISOString(),
    });
    expect(parsed.text?.trim()).toBe(MAIL.text);
    expect(parsed.html?.trim()).toBe(MAIL.html);
    expect(parsed.headers).toContainEqual(expect.objectContaining({ key: 'auto-submitted', value: 'auto-generated' }));
  });

  it('comes back to the address for bounces when it cannot be delivered; the candidate sees the sender', async () => {
    const { accepted, host } = await startServer();
    expect(await createMailer(host, { bounce: 'bounces@northwind.example' }).mailer.send(MAIL)).toMatchObject({ ok: true });
    expect(accepted).toMatchObject([{ from: 'bounces@northwind.example', to: ['ada@example.com'] }]);
    expect(await PostalMime.parse(accepted[0]?.raw ?? '')).toMatchObject({ from: { address: 'jobs@northwind.example' } });
    const wrong = await createMailer(host, { bounce: 'a@b.example> SIZE=1' }).mailer.send(MAIL);
    expect(wrong).toMatchObject({ ok: false, kind: 'misconfigured' });
    expect(accepted).toHaveLength(1);
  });

  it('carries the same Message-ID when it is sent again, and another for another attempt', async () => {
    const { accepted, host } = await startServer();
    const { mailer } = createMailer(host);
    for (const reference of [MAIL.reference, MAIL.reference, 'x.2']) await mailer.send({ ...MAIL, reference });
    const ids = accepted.map(({ raw }) => /^Message-ID: (.*)$/im.exec(raw)?.[1]);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).toBe('<x.2@northwind.example>');
  });

  it('is sent with the credential of the address, percent-encoded signs and all', async () => {
    const { accepted, host } = await startServer({ authOptional: false });
    const url = `smtp://tagalong:p%40ss%25word@${host}`;
    expect(await createMailer(host, { url }).mailer.send(MAIL)).toMatchObject({ ok: true });
    expect(accepted).toMatchObject([{ user: 'tagalong' }]);
  });

  it.each([
    ['from the start (smtps)', 'smtps', { secure: true }],
    ['after STARTTLS', 'smtp', { disabledCommands: [] }],
  ])('goes by TLS %s, to a server whose certificate is good', async (_what, scheme, options) => {
    const { key, cert } = await makeCertificate(['mail.example']);
    setDefaultCACertificates([cert]);
    const { accepted, port } = await startServer({ ...options, key, cert });
    const host = `mail.example:${port}`;
    const lookup = async () => [{ address: '127.0.0.1', family: 4 }];
    const url = `${scheme}://tagalong:p%40ss%25word@${host}`;
    expect(await createMailer(host, { url, lookup }).mailer.send(MAIL)).toMatchObject({ ok: true });
    expect(accepted).toMatchObject([{ secure: true, user: 'tagalong' }]);
  });

  it('goes nowhere by TLS when the certificate is somebody else’s', async () => {
    const { key, cert } = await makeCertificate(['other.example']);
    setDefaultCACertificates([cert]);
    const { accepted, port } = await startServer({ secure: true, key, cert });
    const host = `mail.example:${port}`;
    const lookup = async () => [{ address: '127.0.0.1', family: 4 }];
    const { mailer } = createMailer(host, { url: `smtps://${host}`, lookup });
    expect(await mailer.send(MAIL)).toMatchObject({ ok: false, kind: 'unreachable' });
    expect(accepted).toEqual([]);
  });
});

describe('a mail that surely did not go out', () => {
  it.each([
    ['an unknown mailbox', { RCPT: '550 5.1.1 <ada@example.com> unknown' }, { kind: 'refused', status: 550 }],
    ['a sender that is not welcome', { MAIL: '553 sender refused' }, { kind: 'refused', status: 553 }],
    ['a text that is not welcome', { text: '554 looks like spam' }, { kind: 'refused', status: 554 }],
    ['greylisting', { RCPT: '451 4.7.1 try again later' }, { kind: 'rate-limited', retryAfterMs: 300_000 }],
    ['a full mailbox', { RCPT: '452 4.2.2 full' }, { kind: 'rate-limited' }],
    ['a text that is put off', { text: '451 try again' }, { kind: 'rate-limited' }],
    ['a server that closes', { MAIL: '421 closing' }, { kind: 'unreachable' }],
    ['a server that closes after the text, and says so', { text: '421 closing' }, { kind: 'unreachable' }],
    ['a server that wants a credential', { MAIL: '530 authentication required' }, { kind: 'unauthorised', status: 530 }],
    ['a server that serves nobody', { greeting: '554 no service' }, { kind: 'unreachable' }],
    ['a server that is no mail server', { greeting: 'HTTP/1.1 400 Bad Request' }, { kind: 'unreachable' }],
    ['a refused DATA', { DATA: '554 no valid recipients' }, { kind: 'refused', status: 554 }],
    ['a line that broke before the greeting', { greeting: 'cut' }, { kind: 'unreachable' }],
    ['a line that broke at the recipient', { RCPT: 'cut' }, { kind: 'unreachable' }],
    ['a line that broke before the text', { DATA: 'cut' }, { kind: 'unreachable' }],
    ['a server that never greets', { greeting: 'silence' }, { kind: 'unreachable' }],
    ['a server that falls silent at the recipient', { RCPT: 'silence' }, { kind: 'unreachable' }],
  ])('because of %s says so', async (_what, script, expected) => {
    const { host, heard } = await startScripted(script);
    const { mailer } = createMailer(host, timesFor(script));
    expect(await mailer.send(MAIL)).toMatchObject({ ok: false, ...expected });
    expect(heard.filter((line) => line.startsWith('MAIL')).length).toBeLessThanOrEqual(1);
  });

  it('because of a wrong password is unauthorised', async () => {
    const { host, accepted } = await startServer();
    const { mailer } = createMailer(host, { url: `smtp://tagalong:wrong@${host}` });
    expect(await mailer.send(MAIL)).toMatchObject({ ok: false, kind: 'unauthorised', status: 535 });
    expect(accepted).toEqual([]);
  });

  it('because nobody listens, or the name is not known, is unreachable', async () => {
    const { host } = await startScripted({});
    for (const close of closers.splice(0)) await close();
    expect(await createMailer(host).mailer.send(MAIL)).toMatchObject({ ok: false, kind: 'unreachable' });
    const lookup = () => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));
    const { mailer } = createMailer('mail.example:587', { lookup });
    expect(await mailer.send(MAIL)).toMatchObject({ ok: false, kind: 'unreachable' });
  });
});

describe('a mail that may have gone out', () => {
  it.each([
    ['the line broke after the text', { text: 'cut' }],
    ['the server fell silent after the text', { text: 'silence' }],
  ])('because %s is never said to have failed', async (_what, script) => {
    const { host } = await startScripted(script);
    expect(await createMailer(host, timesFor(script)).mailer.send(MAIL)).toMatchObject({ ok: false, kind: 'ambiguous' });
  });
});

describe('what is written into a mail', () => {
  it('never becomes another header or another recipient', async () => {
    const { accepted, host } = await startServer();
    const subject = 'Hi\r\nBcc: eve@example.com\r\n\r\nmore\u2028text';
    expect(await createMailer(host).mailer.send({ ...MAIL, subject, reference: 'a>\r\nBcc: eve@example.com' })).toMatchObject({
      ok: true,
    });
    expect(accepted).toMatchObject([{ to: ['ada@example.com'] }]);
    const { headers } = await PostalMime.parse(accepted[0]?.raw ?? '');
    expect(headers.map(({ key }) => key)).not.toContain('bcc');
  });

  it.each([
    'ada@example.com, eve@example.com',
    'ada@example.com\r\nRCPT TO:<eve@example.com>',
    'Ada <ada@example.com>',
    '<ada@example.com>',
    '"a b"@example.com',
    'ada',
    'ada@',
    'a@b@c',
    '',
  ])('is refused without a word to the server when the address is %j', async (to) => {
    const { heard, host } = await startScripted({});
    expect(await createMailer(host).mailer.send({ ...MAIL, to })).toMatchObject({ ok: false, kind: 'refused' });
    expect(heard).toEqual([]);
  });

  it('never reads a file or an address of ours', async () => {
    const { accepted, host } = await startServer();
    await createMailer(host).mailer.send({ ...MAIL, html: '<img src="file:///etc/hostname"><img src="cid:x">' });
    expect(accepted[0]?.raw).toContain('file:///etc/hostname');
  });

  it('goes to an address with signs from all over the world in its domain', async () => {
    const { accepted, host } = await startServer();
    expect(await createMailer(host).mailer.send({ ...MAIL, to: 'ada@bücher.example' })).toMatchObject({ ok: true });
    expect(accepted[0]?.raw).toMatch(/^To: ada@xn--bcher-kva\.example$/m);
  });
});

describe('where mail may go', () => {
  it.each(['smtp://127.0.0.1:2525', 'smtp://[::1]:2525', 'smtp://10.0.0.7', 'http://mail.example', 'smtp://', 'mail.example'])(
    'is not %s, unless whoever runs the server listed it',
    async (url) => {
      const { mailer } = createMailer('other.example:25', { url });
      expect(await mailer.send(MAIL)).toMatchObject({ ok: false, kind: 'misconfigured' });
    },
  );

  it('is not a name that leads to a private address', async () => {
    const { host, heard } = await startScripted({});
    const url = `smtp://mail.example:${host.split(':')[1]}`;
    const lookup = async () => [{ address: '127.0.0.1', family: 4 }];
    const { mailer } = createMailer('other.example:25', { url, lookup });
    expect(await mailer.send(MAIL)).toMatchObject({ ok: false, kind: 'misconfigured' });
    expect(heard).toEqual([]);
  });

  it('is nowhere for a sender without an address', async () => {
    const { host, heard } = await startScripted({});
    for (const from of ['', 'Northwind', 'Northwind <jobs>', 'a@b.example\r\nBcc: eve@example.com']) {
      expect(await createMailer(host, { from }).mailer.send(MAIL)).toMatchObject({ ok: false, kind: 'misconfigured' });
    }
    expect(heard).toEqual([]);
  });
});

describe('the log', () => {
  it('holds neither the candidate’s address nor the text nor the password', async () => {
    const { host } = await startScripted({ RCPT: '550 5.1.1 <ada@example.com> unknown' });
    const { mailer, logged } = createMailer(host, { url: `smtp://${host}` });
    const refused = await mailer.send(MAIL);
    expect(logged()).toContain('550');
    expect(JSON.stringify(refused) + logged()).not.toMatch(/ada@example\.com|vendor\.example/);
    for (const reply of ['451 Ada Moreno is full', '421 Ada Moreno is away', '554 Ada Moreno wants nothing']) {
      const again = await startScripted({ RCPT: reply });
      const { mailer: sender, logged: told } = createMailer(again.host, { url: `smtp://${again.host}` });
      await sender.send(MAIL);
      expect(told()).toContain(reply.slice(0, 3));
      expect(told()).not.toContain('Moreno');
    }
    const other = createMailer(host, { url: `smtp://tagalong:hunter2@${host}` });
    await other.mailer.send(MAIL);
    expect(other.logged()).not.toContain('hunter2');
  });
});
