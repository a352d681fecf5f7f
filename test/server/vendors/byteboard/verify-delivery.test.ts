import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { byteboardWebhooks } from '../../../../server/vendors/byteboard/index.ts';
import type { WebhookRequest } from '../../../../server/webhooks/verdict.ts';

const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes, ok').toString('base64')}`;
const OTHER = `whsec_${Buffer.from('another one of thirty-two bytes.').toString('base64')}`;
const NOW = new Date('2026-11-21T12:00:00Z');
const BODY = JSON.stringify({ assessment: 'CoreEval', email: 'ada@example.com', state: 'started', note: 'naïve ✓' });

/** As a sender with the reference library does it. */
function signed(body = BODY, { secret = SECRET, id = 'msg_1', at = NOW }: { secret?: string; id?: string; at?: Date } = {}) {
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
  return { headers, body: Buffer.from(body) };
}

const verify = (request: WebhookRequest, secrets: readonly string[] = [SECRET]) =>
  byteboardWebhooks.verifyDelivery(request, secrets, NOW, null);
const withHeader = (request: WebhookRequest, change: Record<string, string>) => ({
  ...request,
  headers: { ...request.headers, ...change },
});

describe('a delivery of the generic webhook', () => {
  it('signed by the reference library is authentic, and its id tells a repeat', () => {
    expect(verify(signed())).toEqual({ kind: 'authentic', deliveryKey: 'msg_1', event: 'result', body: JSON.parse(BODY) });
  });

  it('is accepted under any live secret, and when the sender rotates and signs twice', () => {
    expect(verify(signed(), [OTHER, SECRET])).toMatchObject({ kind: 'authentic' });
    const { 'webhook-signature': theirs } = signed(BODY, { secret: OTHER }).headers;
    const twice = withHeader(signed(), { 'webhook-signature': `v1a,x ${theirs} ${signed().headers['webhook-signature']}` });
    expect(verify(twice)).toMatchObject({ kind: 'authentic' });
  });

  it.each([
    ['base64 without the prefix', SECRET.slice('whsec_'.length)],
    ['base64 without padding', SECRET.replace(/=+$/, '')],
  ])('is accepted when the secret is entered as %s', (_what, entered) => {
    expect(verify(signed(), [entered])).toMatchObject({ kind: 'authentic' });
  });

  it('is accepted under a plain text of the admin’s own, used as it is', () => {
    const secret = 'correct horse, battery staple!';
    const headers = signed().headers;
    const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${BODY}`;
    const signature = `v1,${createHmac('sha256', secret).update(text).digest('base64')}`;
    expect(verify(withHeader(signed(), { 'webhook-signature': signature }), [secret])).toMatchObject({ kind: 'authentic' });
    expect(verify(withHeader(signed(), { 'webhook-signature': signature }), [SECRET])).toMatchObject({ kind: 'refused' });
  });

  it('whose id, time or body was changed after signing is refused', () => {
    const wrong = { kind: 'refused', because: 'signature-wrong' };
    expect(verify(withHeader(signed(), { 'webhook-id': 'msg_2' }))).toEqual(wrong);
    expect(verify(withHeader(signed(), { 'webhook-timestamp': `${NOW.getTime() / 1000 + 1}` }))).toEqual(wrong);
    expect(verify({ ...signed(), body: Buffer.from(BODY.replace('ada', 'eve')) })).toEqual(wrong);
    expect(verify({ ...signed(), body: Buffer.from(`${BODY} `) })).toEqual(wrong);
    expect(verify(signed(), [OTHER])).toEqual(wrong);
  });

  it.each([
    ['cut', (one: string) => one.slice(0, -4)],
    ['of another version', (one: string) => one.replace('v1,', 'v2,')],
    ['made up', () => `v1,${Buffer.alloc(32).toString('base64')}`],
  ])('with a signature that is %s is refused', (_what, change) => {
    const request = signed();
    const given = change(request.headers['webhook-signature']);
    expect(verify(withHeader(request, { 'webhook-signature': given }))).toEqual({ kind: 'refused', because: 'signature-wrong' });
  });

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('without %s is refused', (header) => {
    expect(verify(withHeader(signed(), { [header]: '' }))).toEqual({ kind: 'refused', because: 'signature-missing' });
  });

  it('from more than five minutes ago or ahead is refused', () => {
    const at = (seconds: number) => verify(signed(BODY, { at: new Date(NOW.getTime() + seconds * 1000) })).kind;
    expect([at(-300), at(-301), at(300), at(301)]).toEqual(['authentic', 'refused', 'authentic', 'refused']);
    expect(verify(signed(BODY, { at: new Date(NOW.getTime() - 301_000) }))).toEqual({ kind: 'refused', because: 'too-old' });
  });

  it('that is empty is a test: signed, or while no secret is known', () => {
    const unsigned = (text: string) => ({ headers: {}, body: Buffer.from(text) });
    expect(verify(signed('{}'))).toEqual({ kind: 'test', event: 'result' });
    expect(verify(unsigned(''), [])).toEqual({ kind: 'test', event: 'result' });
    expect(verify(unsigned('{}'), [])).toEqual({ kind: 'test', event: 'result' });
    expect(verify(unsigned('{}'))).toEqual({ kind: 'refused', because: 'signature-missing' });
  });

  it('is refused while no secret is known, also with an empty one', () => {
    for (const secrets of [[], [''], ['whsec_'], ['whsec_!']])
      expect(verify(signed(), secrets)).toEqual({ kind: 'refused', because: 'no-secret-configured' });
    const key = createHmac('sha256', '')
      .update(`msg_1.${NOW.getTime() / 1000}.${BODY}`)
      .digest('base64');
    expect(verify(withHeader(signed(), { 'webhook-signature': `v1,${key}` }), ['whsec_'])).toMatchObject({ kind: 'refused' });
  });

  it.each([
    ['{"a":', 'not-json'],
    ['[]', 'not-an-object'],
    ['null', 'not-an-object'],
  ])('signed but %j is refused as %s', (body, because) => {
    expect(verify(signed(body))).toEqual({ kind: 'refused', because });
  });

  it('of random bytes under random headers is never authentic and never breaks anything', () => {
    const headers = fc.record({
      'webhook-id': fc.string(),
      'webhook-timestamp': fc.oneof(fc.string(), fc.constant(`${NOW.getTime() / 1000}`)),
      'webhook-signature': fc.string().map((text) => `v1,${text}`),
    });
    fc.assert(
      fc.property(headers, fc.uint8Array(), (given, body) => {
        expect(verify({ headers: given, body }).kind).toBe('refused');
      }),
    );
  });
});
