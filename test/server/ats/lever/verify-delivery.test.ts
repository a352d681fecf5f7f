import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leverWebhooks } from '../../../../server/ats/lever/index.ts';
import { fixture } from './scripted-lever.ts';

const SECRET = '81358960aa11bb22cc33dd44ee55ff6677889900aabbcc26';
const NOW = new Date(1_790_000_300_000);
const DAY_MS = 24 * 3_600_000;

interface Delivery {
  triggeredAt: number;
  event: string;
  token: string;
  signature: string;
  data: Record<string, unknown>;
}

async function signed(name = 'delivery-stage-change', change: Partial<Delivery> = {}, secret = SECRET): Promise<Delivery> {
  const delivery = { ...((await fixture(name)) as Delivery), ...change };
  const signature = createHmac('sha256', secret).update(`${delivery.token}${delivery.triggeredAt}`).digest('hex');
  return { ...delivery, signature };
}

function verify(body: unknown, secrets = [SECRET], now = NOW) {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return leverWebhooks.verifyDelivery({ headers: {}, body: bytes }, secrets, now);
}

describe('a delivery of Lever', () => {
  it('is authentic when token and time are signed', async () => {
    const delivery = await signed();
    expect(verify(delivery)).toEqual({
      kind: 'authentic',
      deliveryKey: expect.stringContaining(delivery.token),
      event: 'candidateStageChange',
      body: delivery,
    });
  });

  it('is a repeat when it is the same to the letter, so that an altered copy never hides the original', async () => {
    const delivery = await signed();
    const keyOf = (body: unknown) => {
      const verdict = verify(body);
      return verdict.kind === 'authentic' ? verdict.deliveryKey : verdict;
    };
    expect(keyOf({ ...delivery })).toBe(keyOf(delivery));
    expect(keyOf({ ...delivery, data: { ...delivery.data, opportunityId: 'another' } })).not.toBe(keyOf(delivery));
  });

  it('is signed as documented: hex HMAC-SHA256 over token and time without separator', () => {
    const vector = { token: 'ab', triggeredAt: 1_790_000_300_000, event: 'x', data: { opportunityId: 'o' } };
    const signature = createHmac('sha256', 'k').update('ab1790000300000').digest('hex');
    expect(verify({ ...vector, signature }, ['k'])).toMatchObject({ kind: 'authentic' });
    // Only in the spelling Lever uses: another one is somebody else's.
    expect(verify({ ...vector, signature: signature.toUpperCase() }, ['k'])).toEqual({
      kind: 'refused',
      because: 'signature-wrong',
    });
  });

  it('is accepted under any live secret while they are being exchanged', async () => {
    expect(verify(await signed(), ['other', SECRET])).toMatchObject({ kind: 'authentic' });
    expect(verify(await signed(), ['other'])).toEqual({ kind: 'refused', because: 'signature-wrong' });
  });

  it('with another token, time, or a cut signature is refused', async () => {
    const delivery = await signed();
    for (const change of [
      { token: `${delivery.token}0` },
      { triggeredAt: delivery.triggeredAt + 1 },
      { signature: delivery.signature.slice(0, -1) },
      { signature: `${delivery.signature}00` },
      { signature: `${delivery.signature.slice(0, -1)}g` },
      { signature: '0'.repeat(64) },
    ])
      expect(verify({ ...delivery, ...change })).toEqual({ kind: 'refused', because: 'signature-wrong' });
  });

  it('without signature, token or time is refused, and so is an empty token', async () => {
    const delivery = await signed();
    for (const field of ['signature', 'token', 'triggeredAt'])
      expect(verify({ ...delivery, [field]: undefined })).toEqual({ kind: 'refused', because: 'signature-missing' });
    expect(verify(await signed(undefined, { token: '' }))).toEqual({ kind: 'refused', because: 'signature-missing' });
  });

  it('that was recorded long ago or comes from the future is refused', async () => {
    const delivery = await signed();
    const at = (ms: number) => verify(delivery, [SECRET], new Date(delivery.triggeredAt + ms)).kind;
    expect([at(15 * DAY_MS), at(15 * DAY_MS + 1), at(-60 * 60_000), at(-60 * 60_000 - 1)]).toEqual([
      'authentic',
      'refused',
      'authentic',
      'refused',
    ]);
  });

  it('may tell its time as text; what is signed is that text, to the letter', async () => {
    const delivery = await signed();
    const asText = { ...delivery, triggeredAt: String(delivery.triggeredAt) };
    expect(verify(asText)).toMatchObject({ kind: 'authentic', deliveryKey: expect.stringContaining(delivery.token) });
    expect(verify({ ...asText, triggeredAt: `0${asText.triggeredAt}` })).toMatchObject({ because: 'signature-wrong' });
    for (const triggeredAt of ['1.79e12', ' 1', '-1', '', 'now', '1'.repeat(16)])
      expect(verify({ ...delivery, triggeredAt })).toEqual({ kind: 'refused', because: 'signature-missing' });
    const old = createHmac('sha256', SECRET).update(`${delivery.token}1000`).digest('hex');
    expect(verify({ ...delivery, triggeredAt: '1000', signature: old })).toEqual({ kind: 'refused', because: 'too-old' });
  });

  it('is refused while no secret is known, also with an empty one', async () => {
    expect(verify(await signed(), [])).toEqual({ kind: 'refused', because: 'no-secret-configured' });
    expect(verify(await signed(undefined, {}, ''), [''])).toEqual({ kind: 'refused', because: 'no-secret-configured' });
  });

  it('"Verify connection" is a test: signed, or while no secret is known', async () => {
    const test = await signed('delivery-verify-connection');
    expect(verify(test)).toEqual({ kind: 'test', event: 'candidateHired' });
    expect(verify({ ...test, signature: undefined }, [])).toEqual({ kind: 'test', event: 'candidateHired' });
    expect(verify({ ...test, signature: '0'.repeat(64) })).toEqual({ kind: 'refused', because: 'signature-wrong' });
    expect(verify({ ...test, signature: undefined })).toEqual({ kind: 'refused', because: 'signature-missing' });
    expect(verify({ ...test, data: undefined })).toEqual({ kind: 'test', event: 'candidateHired' });
  });

  it.each([
    ['event', 'x'.repeat(101)],
    ['event', 7],
  ])('with the %s %j is authentic, as an unknown event', async (field, value) => {
    expect(verify({ ...(await signed()), [field]: value })).toMatchObject({ kind: 'authentic', event: 'unknown' });
  });

  it.each([
    ['token', 'x'.repeat(501)],
    ['token', 7],
    ['signature', 7],
    ['triggeredAt', 1.5],
    ['triggeredAt', -1],
    ['triggeredAt', 8.64e15 + 2],
    ['triggeredAt', '1234567890123456'],
    ['triggeredAt', '1e3'],
    ['triggeredAt', { valueOf: 1 }],
  ])('with the %s %j has none', async (field, value) => {
    expect(verify({ ...(await signed()), [field]: value })).toEqual({ kind: 'refused', because: 'signature-missing' });
  });

  it.each([
    ['', 'not-json'],
    ['{"a":', 'not-json'],
    ['\uFFFD', 'not-json'],
    ['[]', 'not-an-object'],
    ['null', 'not-an-object'],
    ['"text"', 'not-an-object'],
    ['7', 'not-an-object'],
  ])('%j is refused as %s', (body, because) => {
    expect(verify(body)).toEqual({ kind: 'refused', because });
  });

  it('of random bytes or random JSON is never authentic and never breaks anything', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')),
          fc.json(),
        ),
        (body) => {
          expect(verify(body).kind).toBe('refused');
          expect(Array.isArray(leverWebhooks.toHints(body))).toBe(true);
        },
      ),
    );
  });
});

describe('the hint of a delivery', () => {
  it('names the opportunity and nothing else that could be believed', async () => {
    expect(leverWebhooks.toHints(await signed())).toEqual([
      { applicationId: '250d8f03-738a-4bba-a671-8a3d73477145', event: 'candidateStageChange' },
    ]);
  });

  it.each([undefined, null, 7, 'x', [], {}, { event: 'candidateHired', data: {} }, { event: 'x', data: { opportunityId: 7 } }])(
    '%j gives none',
    (body) => {
      expect(leverWebhooks.toHints(body)).toEqual([]);
    },
  );
});
