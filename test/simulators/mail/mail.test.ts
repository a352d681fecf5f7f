import nodemailer from 'nodemailer';
import { afterEach, expect, test } from 'vitest';
import { createMailSimulator, type MailSimulator } from './index.ts';

const running: MailSimulator[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((mail) => mail.close()));
});

async function start(options: Parameters<typeof createMailSimulator>[0] = {}) {
  const simulator = await createMailSimulator(options);
  running.push(simulator);
  const send = (to = 'ada@example.com', url = simulator.url) => {
    const transport = nodemailer.createTransport({ url });
    return transport.sendMail({
      from: 'Northwind <jobs@northwind.example>',
      to,
      subject: 'Your assessment — bitte öffnen',
      text: 'Start here: https://byteboard.dev/i/1?email=ada%40example.com',
      html: '<p><a href="https://byteboard.dev/i/1?email=ada%40example.com&amp;x=1">Start</a></p>',
      messageId: '<inv-1.1@northwind.example>',
    });
  };
  return { simulator, send };
}

test('keeps every mail with its recipients, subject and links', async () => {
  const { simulator, send } = await start();
  await send();
  const links = ['https://byteboard.dev/i/1?email=ada%40example.com', 'https://byteboard.dev/i/1?email=ada%40example.com&x=1'];
  const seen = {
    to: ['ada@example.com'],
    subject: 'Your assessment — bitte öffnen',
    links,
    messageId: '<inv-1.1@northwind.example>',
  };
  expect(simulator.mails()).toMatchObject([seen]);
  expect(simulator.journal.list({ kind: 'mail' })).toMatchObject([{ what: 'received', status: 250, detail: seen }]);
  const page = await (await simulator.control.request('/')).text();
  expect(page).toContain('<a href="https://byteboard.dev/i/1?email=ada%40example.com">');
});

test('an address can be refused, and accepted again', async () => {
  const { simulator, send } = await start();
  simulator.refuse({ address: 'Ada@example.com' });
  await expect(send()).rejects.toMatchObject({ responseCode: 550 });
  expect((await send('grace@example.com')).accepted).toEqual(['grace@example.com']);
  simulator.accept({ address: 'ada@example.com' });
  await send();
  expect(simulator.mails()).toHaveLength(2);
});

test('a greylisted mail gets through the second time', async () => {
  const { simulator, send } = await start();
  simulator.failNext({ kind: 'greylist' });
  await expect(send()).rejects.toMatchObject({ responseCode: 451 });
  await send();
  expect(simulator.mails()).toHaveLength(1);
});

test('a mail can be rejected after its text', async () => {
  const { simulator, send } = await start();
  simulator.failNext({ kind: 'reject' });
  await expect(send()).rejects.toMatchObject({ responseCode: 554 });
  expect(simulator.mails()).toHaveLength(0);
});

test('an answer that is lost leaves the mail delivered', async () => {
  const { simulator, send } = await start();
  simulator.failNext({ kind: 'drop' });
  await expect(send()).rejects.toThrow(/closed|reset/i);
  expect(simulator.mails()).toHaveLength(1);
});

test('a server that hangs never answers, and still closes', async () => {
  const { simulator, send } = await start();
  simulator.failNext({ kind: 'hang' });
  const sent = Promise.allSettled([send()]);
  await simulator.journal.waitFor((rows) => rows.find(({ what }) => what === 'hanging'), 'the mail that hangs');
  await simulator.close();
  running.pop();
  expect((await sent)[0].status).toBe('rejected');
  expect(simulator.mails()).toHaveLength(0);
});

test('with credentials nobody sends without them', async () => {
  const { simulator, send } = await start({ auth: { user: 'tagalong', pass: 'p@ss word' } });
  await send();
  await expect(send('ada@example.com', `smtp://127.0.0.1:${simulator.port}`)).rejects.toMatchObject({ responseCode: 530 });
  await expect(send('ada@example.com', `smtp://tagalong:wrong@127.0.0.1:${simulator.port}`)).rejects.toMatchObject({
    responseCode: 535,
  });
  expect(simulator.mails()).toHaveLength(1);
});
