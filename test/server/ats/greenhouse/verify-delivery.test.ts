import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { verifyGreenhouseDelivery } from '../../../../server/ats/greenhouse/verify-delivery.ts';

const SECRET = 'correct horse';
const read = (name: string) => readFileSync(new URL(`../../../fixtures/greenhouse/${name}.json`, import.meta.url), 'utf8');
const stageChange = read('webhook-candidate-stage-change');
const ping = read('webhook-ping');

const sign = (body: string, secret = SECRET) => `sha256 ${createHmac('sha256', secret).update(body).digest('hex')}`;
const signed = (body: string, headers: Record<string, string> = {}) => ({
  headers: { signature: sign(body), ...headers },
  body: Buffer.from(body),
});

describe('a signed delivery of Greenhouse', () => {
  it('is authentic, and its event id tells a repeat', () => {
    const verdict = verifyGreenhouseDelivery(signed(stageChange, { 'greenhouse-event-id': ' 51723 ' }), [SECRET]);
    expect(verdict).toMatchObject({ kind: 'authentic', deliveryKey: '51723', event: 'candidate_stage_change' });
    expect(verdict.kind === 'authentic' && verdict.body).toEqual(JSON.parse(stageChange));
  });

  it('is authentic with any of several secrets, so that they can be changed without a gap', () => {
    const request = { headers: { signature: sign(stageChange, 'new') }, body: Buffer.from(stageChange) };
    expect(verifyGreenhouseDelivery(request, ['old', 'new', 'older'])).toMatchObject({ kind: 'authentic' });
    expect(verifyGreenhouseDelivery(request, ['old', 'older'])).toEqual({ kind: 'refused', because: 'signature-wrong' });
  });

  it('without an event id is told by whom it is about and by its bytes', () => {
    const keys = [stageChange, stageChange, stageChange.replace('T09:15:00Z', 'T09:15:01Z')].map((body) => {
      const verdict = verifyGreenhouseDelivery(signed(body), [SECRET]);
      return verdict.kind === 'authentic' ? verdict.deliveryKey : '';
    });
    expect(keys[0]).toMatch(/^candidate_stage_change:273686618002:[0-9a-f]{64}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  it('keeps ids beyond the exact range of a double', () => {
    const body = '{"action":"candidate_stage_change","payload":{"application":{"id":9007199254740993}}}';
    const verdict = verifyGreenhouseDelivery(signed(body), [SECRET]);
    expect(verdict).toMatchObject({ body: { payload: { application: { id: '9007199254740993' } } } });
  });

  it('is authentic without an action too, as an unknown event', () => {
    expect(verifyGreenhouseDelivery(signed('{"payload":{}}'), [SECRET])).toMatchObject({ kind: 'authentic', event: 'unknown' });
  });

  it.each([
    ['not-json', '{"action":'],
    ['not-an-object', '["candidate_stage_change"]'],
    ['not-an-object', 'null'],
  ])('is refused as %s when it is %s', (because, body) => {
    expect(verifyGreenhouseDelivery(signed(body), [SECRET])).toEqual({ kind: 'refused', because });
  });
});

describe('a delivery with another signature', () => {
  const hex = sign(stageChange).slice('sha256 '.length);
  it.each([
    ['of another secret', sign(stageChange, 'wrong')],
    ['of another body', sign(`${stageChange} `)],
    ['with an equals sign, as some describe it', `sha256=${hex}`],
    ['with two spaces', `sha256  ${hex}`],
    ['in capitals', `sha256 ${hex.toUpperCase()}`],
    ['cut short', `sha256 ${hex.slice(0, 62)}`],
    ['sent twice', `sha256 ${hex}, sha256 ${hex}`],
    ['of another kind', `sha1 ${hex}`],
  ])('%s is refused', (_, signature) => {
    const request = { headers: { signature }, body: Buffer.from(stageChange) };
    expect(verifyGreenhouseDelivery(request, [SECRET])).toEqual({ kind: 'refused', because: 'signature-wrong' });
  });

  it('or none is refused', () => {
    const request = { headers: {}, body: Buffer.from(stageChange) };
    expect(verifyGreenhouseDelivery(request, [SECRET])).toEqual({ kind: 'refused', because: 'signature-missing' });
  });

  it('over the same JSON written differently is refused', () => {
    const rewritten = JSON.stringify(JSON.parse(stageChange));
    const request = { headers: { signature: sign(stageChange) }, body: Buffer.from(rewritten) };
    expect(verifyGreenhouseDelivery(request, [SECRET])).toEqual({ kind: 'refused', because: 'signature-wrong' });
  });
});

describe('the ping that Greenhouse sends when a webhook is saved', () => {
  it('is a test when its signature is right', () => {
    expect(verifyGreenhouseDelivery(signed(ping), [SECRET])).toEqual({ kind: 'test', event: 'ping' });
  });

  it('is a test before any secret is known, signed with whatever', () => {
    expect(verifyGreenhouseDelivery({ headers: {}, body: Buffer.from(ping) }, [])).toEqual({ kind: 'test', event: 'ping' });
    expect(verifyGreenhouseDelivery(signed('{"action":"ping"}'), [])).toEqual({ kind: 'test', event: 'ping' });
  });

  it('is refused when a secret is known and the signature is wrong', () => {
    const request = { headers: { signature: sign(ping, 'wrong') }, body: Buffer.from(ping) };
    expect(verifyGreenhouseDelivery(request, [SECRET])).toEqual({ kind: 'refused', because: 'signature-wrong' });
  });

  it('is all that passes before a secret is known', () => {
    for (const body of [stageChange, '{"action":"pingpong"}', '<html>', '']) {
      expect(verifyGreenhouseDelivery(signed(body), [])).toEqual({ kind: 'refused', because: 'no-secret-configured' });
    }
  });
});
