import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { createByteboardSimulator } from './index.ts';

const SECRET = `whsec_${Buffer.from('thirty-two bytes of our own make').toString('base64')}`;

function setUp() {
  const received: { headers: Headers; text: string }[] = [];
  const simulator = createByteboardSimulator({
    now: () => new Date('2026-11-21T10:00:00Z'),
    fetch: async (url, init) => {
      const request = new Request(url, init);
      received.push({ headers: request.headers, text: await request.text() });
      return new Response(null, { status: 200 });
    },
  });
  simulator.setWebhook({ url: 'https://tagalong.example/hooks/1', secret: SECRET });
  return { simulator, received };
}

test('a candidate opens the link, starts and submits, and each step is reported', async () => {
  const { simulator, received } = setUp();
  const page = await simulator.pages.request('/i/inv-1?email=ada@example.com');
  expect(await page.text()).toContain('Start');
  expect(received).toEqual([]);
  for (const step of ['start', 'submit']) await simulator.pages.request(`/i/inv-1/${step}`, { method: 'POST' });
  expect(received.map(({ text }) => JSON.parse(text))).toEqual([
    { invitation: 'inv-1', state: 'started' },
    { invitation: 'inv-1', state: 'submitted' },
  ]);
  expect(await (await simulator.pages.request('/i/inv-1')).text()).toContain('Thank you');
});

test('a result is signed over id, time and the exact body', async () => {
  const { simulator, received } = setUp();
  expect(await simulator.grade({ invitation: 'inv-1', rating: 'Leaning Strong' })).toBe(200);
  const [{ headers, text } = { headers: new Headers(), text: '' }] = received;
  expect(JSON.parse(text)).toMatchObject({ invitation: 'inv-1', state: 'scored', rating: 'Leaning Strong' });
  const signed = `${headers.get('webhook-id')}.1795255200.${text}`;
  const key = Buffer.from('thirty-two bytes of our own make');
  expect(headers.get('webhook-timestamp')).toBe('1795255200');
  expect(headers.get('webhook-signature')).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
});

test('the last report comes again with the same id and bytes', async () => {
  const { simulator, received } = setUp();
  await simulator.sendResult({ invitation: 'inv-1', state: 'scored', rating: 'Poor' });
  await simulator.repeatLast();
  expect(received[1]?.text).toBe(received[0]?.text);
  expect(received[1]?.headers.get('webhook-id')).toBe(received[0]?.headers.get('webhook-id'));
});

test('a grader sends a result by a form', async () => {
  const { simulator, received } = setUp();
  await simulator.pages.request('/i/inv-1?email=ada@example.com');
  expect(await (await simulator.control.request('/')).text()).toContain('ada@example.com');
  const body = new URLSearchParams({ invitation: 'inv-1', rating: 'Strong', notes: '' });
  expect((await simulator.control.request('/grade', { method: 'POST', body })).status).toBe(303);
  expect(received).toHaveLength(1);
  expect(simulator.sessions()[0]?.state).toBe('scored');
  const { report_url } = JSON.parse(received[0]?.text ?? '{}');
  expect(await (await simulator.pages.request(report_url)).text()).toContain('Strong');
});
