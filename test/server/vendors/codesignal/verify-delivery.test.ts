import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { verifyCodesignalDelivery } from '../../../../server/vendors/codesignal/verify-delivery.ts';
import type { WebhookRequest } from '../../../../server/webhooks/verdict.ts';

const URL = 'https://tagalong.example/hooks/one';
const SECRET = 'a secret';
const TOLD = {
  event: 'companyTestSessionFinished',
  triggeredOn: 1_553_720_789_347,
  payload: { testSessionId: 'lehu382hdleh29', testId: 'dhey29hcl28hl28' },
};
/** As documented: createHmac('sha256', secretKey).update(`${endpointUrl}${eventType}${triggeredOn}`).digest('hex'). */
const sign = (text: string, secret = SECRET) => createHmac('sha256', secret).update(text).digest('hex');
const VALID = sign(`${URL}${TOLD.event}${TOLD.triggeredOn}`);
const deliver = (body: unknown, signature: string | null, addresses: string[] | undefined = [URL]): WebhookRequest => ({
  headers: signature === null ? {} : { 'x-codesignal-signature': signature },
  body: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
  ...(addresses && { addresses }),
});
const verify = (request: WebhookRequest, secrets = [SECRET]) => verifyCodesignalDelivery(request, secrets);

test('the address, the event and its time are signed, in hex of either case', () => {
  expect(verify(deliver(TOLD, VALID))).toMatchObject({ kind: 'authentic', event: 'all events', body: TOLD });
  expect(verify(deliver(TOLD, VALID.toUpperCase()))).toMatchObject({ kind: 'authentic' });
});

test('any of the names of this server may have been entered, and no other', () => {
  const inside = 'http://10.0.0.7:8787/hooks/one';
  expect(verify(deliver(TOLD, VALID, [inside, URL]))).toMatchObject({ kind: 'authentic' });
  for (const addresses of [[inside], [`${URL}/`], [], undefined])
    expect(verify({ ...deliver(TOLD, VALID), addresses: addresses ?? [] })).toEqual({
      kind: 'refused',
      because: 'signature-wrong',
    });
});

test('each live secret counts, an empty one never', () => {
  expect(verify(deliver(TOLD, VALID), ['', 'the next', SECRET])).toMatchObject({ kind: 'authentic' });
  const empty = sign(`${URL}${TOLD.event}${TOLD.triggeredOn}`, '');
  expect(verify(deliver(TOLD, empty), [''])).toEqual({ kind: 'refused', because: 'no-secret-configured' });
  expect(verify(deliver(TOLD, empty), ['', SECRET])).toEqual({ kind: 'refused', because: 'signature-wrong' });
});

test.each([
  ['none', null, 'signature-missing'],
  ['one that is too short', VALID.slice(2), 'signature-missing'],
  ['two', `${VALID}, ${VALID}`, 'signature-missing'],
  ['base64', Buffer.from(VALID, 'hex').toString('base64'), 'signature-missing'],
  ['of another secret', sign(`${URL}${TOLD.event}${TOLD.triggeredOn}`, 'other'), 'signature-wrong'],
  ['of the body', sign(JSON.stringify(TOLD)), 'signature-wrong'],
  ['of the probe', sign(URL), 'signature-wrong'],
])('a signature that is %s is refused', (_what, signature, because) => {
  expect(verify(deliver(TOLD, signature))).toEqual({ kind: 'refused', because });
});

test.each([
  ['nothing', ''],
  ['an empty object', '{}'],
  ['a line break', '\r\n'],
])('the probe with %s is a test, signed or not, with a secret or without', (_what, body) => {
  for (const secrets of [[], [SECRET]])
    for (const signature of [null, sign(URL), 'rubbish'])
      expect(verify(deliver(body, signature), secrets)).toEqual({ kind: 'test', event: 'all events' });
});

test('a repeat has the same key however it is written down; another session, event or time has another', () => {
  const keyOf = (body: typeof TOLD, text = JSON.stringify(body)) => {
    const verdict = verify(deliver(text, sign(`${URL}${body.event}${body.triggeredOn}`)));
    return verdict.kind === 'authentic' ? verdict.deliveryKey : verdict;
  };
  const key = keyOf(TOLD);
  expect(key).toMatch(/^[\w-]{43}$/);
  expect(keyOf(TOLD, JSON.stringify(TOLD, null, 2))).toBe(key);
  expect(keyOf({ ...TOLD, payload: { ...TOLD.payload, testSessionId: 'another' } })).not.toBe(key);
  expect(keyOf({ ...TOLD, triggeredOn: TOLD.triggeredOn + 1 })).not.toBe(key);
  expect(keyOf({ ...TOLD, event: 'preScreenResultVerified' })).not.toBe(key);
});
