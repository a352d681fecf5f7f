import { describe, expect, it } from 'vitest';
import { toBearer } from '../../../../server/vendors/hackerrank/bearer.ts';
import { toHackerrankHints } from '../../../../server/vendors/hackerrank/to-hints.ts';
import { verifyHackerrankDelivery } from '../../../../server/vendors/hackerrank/verify-delivery.ts';
import { readFixture } from '../../../support/read-fixture.ts';

const ID = '0f8fad5b-d9cb-469f-a165-70867728950e';
const OTHER = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const SECRET = 'a secret of ours';
const NOW = new Date('2026-11-21T12:00:00Z');
const fixture = await readFixture('hackerrank/candidate-scored');

const verify = (authorization: string | undefined, { body = '{}', secrets = [SECRET], now = NOW } = {}) =>
  verifyHackerrankDelivery(
    { headers: authorization === undefined ? {} : { authorization }, body: Buffer.from(body) },
    secrets,
    now,
  );

describe('a delivery', () => {
  it('is ours by the bearer alone, in any case, and speaks of the bearer’s invitation', () => {
    const bearer = toBearer(ID, SECRET);
    for (const authorization of [`Bearer ${bearer}`, `bearer ${bearer}`, `Bearer ${bearer.replace(ID, ID.toUpperCase())}`])
      expect(verify(authorization)).toMatchObject({ kind: 'authentic', event: 'result', body: { invitation: ID, report: {} } });
  });

  it.each([
    ['another secret', `Bearer ${toBearer(ID, 'another')}`],
    ['the proof of another invitation', `Bearer ${toBearer(OTHER, SECRET).replace(OTHER, ID)}`],
    ['the secret itself', `Bearer ${SECRET}`],
    ['another scheme', `Basic ${Buffer.from(`x:${toBearer(ID, SECRET)}`).toString('base64')}`],
    ['nothing', ''],
  ])('with %s is refused', (_, authorization) => {
    expect(verify(authorization)).toEqual({ kind: 'refused', because: 'signature-wrong' });
  });

  it('without a bearer, or an object in its body, is refused', () => {
    const authorization = `Bearer ${toBearer(ID, SECRET)}`;
    expect(verify(undefined)).toEqual({ kind: 'refused', because: 'signature-missing' });
    expect(verify(authorization, { body: '[]' })).toEqual({ kind: 'refused', because: 'not-an-object' });
    expect(verify(authorization, { body: '<html>' })).toEqual({ kind: 'refused', because: 'not-json' });
  });

  it('without an id is the same twice within a minute, and another for another invitation, body or minute', () => {
    const key = (id: string, body: string, now = NOW) => {
      const verdict = verify(`Bearer ${toBearer(id, SECRET)}`, { body, now });
      return verdict.kind === 'authentic' ? verdict.deliveryKey : '';
    };
    expect(key(ID, '{"a":1}')).toBe(key(ID, '{"a":1}'));
    const others = [key(OTHER, '{"a":1}'), key(ID, '{"a":2}'), key(ID, '{"a":1}', new Date(NOW.getTime() + 60_000))];
    expect(new Set([key(ID, '{"a":1}'), ...others]).size).toBe(4);
  });

  it('counts under an older secret as long as that is live', () => {
    const authorization = `Bearer ${toBearer(ID, SECRET)}`;
    expect(verify(authorization, { secrets: ['', 'newer', SECRET] }).kind).toBe('authentic');
    expect(verify(authorization, { secrets: ['newer', ''] })).toEqual({ kind: 'refused', because: 'signature-wrong' });
    expect(verify(authorization, { secrets: [''] })).toEqual({ kind: 'refused', because: 'no-secret-configured' });
  });
});

describe('what it claims', () => {
  const claim = (report: unknown) => toHackerrankHints({ invitation: ID, report }, NOW)[0]?.claim;

  it('is that the test is done, without a number, a link or a word of the report', () => {
    for (const report of [fixture, { event: 'report', data: fixture }]) {
      expect(claim(report)).toMatchObject({ state: 'scored', result: { verified: false, score: null, reportUrl: null } });
      expect(JSON.stringify(claim(report))).not.toMatch(/61|76|Clear code|Medium|hackerrank/);
    }
  });

  it('is nothing where the body cannot be read, so that HackerRank is asked', () => {
    for (const report of [{}, { id: null }, { data: [] }])
      expect(claim(report)).toEqual({ state: 'sent', startedAt: null, submittedAt: null, result: null });
    expect(toHackerrankHints(fixture, NOW)).toEqual([]);
  });
});
