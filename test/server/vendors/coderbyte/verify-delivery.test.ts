import { createHmac, generateKeyPairSync, sign as signWith } from 'node:crypto';
import fc from 'fast-check';
import { sign as signJwt } from 'hono/jwt';
import { describe, expect, it } from 'vitest';
import { coderbyteWebhooks } from '../../../../server/vendors/coderbyte/index.ts';
import type { WebhookRequest } from '../../../../server/webhooks/verdict.ts';
import { readFixture } from '../../../support/read-fixture.ts';

const KEY = 'key-of-northwind-0123456789';
const ORGANIZATION = 'northwindengineering';
const NOW = new Date('2026-11-21T12:00:00Z');
const SECONDS = NOW.getTime() / 1000;
const COMPLETED = 'coderbyte/webhook-assessment-completed';

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token by hand, so that it can be wrong in every way. */
function token({ header = { alg: 'HS256', typ: 'JWT' }, claims = { iss: ORGANIZATION }, key = KEY }: TokenParts = {}) {
  const signed = `${part(header)}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}
interface TokenParts {
  header?: unknown;
  claims?: unknown;
  key?: string;
}

async function delivery(authorization = `Bearer ${token()}`, change: Record<string, unknown> = {}): Promise<WebhookRequest> {
  const body = JSON.stringify({ ...(await readFixture(COMPLETED)), ...change });
  return { headers: { authorization }, body: Buffer.from(body) };
}

function verify(request: WebhookRequest, secrets: readonly string[] = [KEY], account: string | null = ORGANIZATION, now = NOW) {
  return coderbyteWebhooks.verifyDelivery(request, secrets, now, account);
}
const bearer = async (parts: TokenParts) => verify(await delivery(`Bearer ${token(parts)}`));
const WRONG = { kind: 'refused', because: 'signature-wrong' };
const MISSING = { kind: 'refused', because: 'signature-missing' };

describe('a delivery of Coderbyte', () => {
  it('is authentic when its token is signed with the API key and names the organisation', async () => {
    expect(verify(await delivery())).toEqual({
      kind: 'authentic',
      deliveryKey: expect.stringMatching(/^[\w-]{43}\.\d+$/),
      event: 'assessment_completed',
      body: await readFixture(COMPLETED),
    });
  });

  it('is authentic under a token that another library made', async () => {
    const theirs = await signJwt({ iss: ORGANIZATION, iat: SECONDS }, KEY, 'HS256');
    expect(verify(await delivery(`Bearer ${theirs}`))).toMatchObject({ kind: 'authentic' });
    expect(verify(await delivery(`bearer ${theirs}`))).toMatchObject({ kind: 'authentic' });
  });

  it('is accepted under the old and the new key while they are exchanged', async () => {
    expect(verify(await delivery(), ['the-next-key', KEY])).toMatchObject({ kind: 'authentic' });
    expect(verify(await delivery(), [KEY, 'the-next-key'])).toMatchObject({ kind: 'authentic' });
    expect(verify(await delivery(), ['the-next-key'])).toEqual(WRONG);
  });

  it.each(['none', 'None', 'RS256', 'HS512', undefined, 7])('whose token says the algorithm is %s is refused', async (alg) => {
    expect(await bearer({ header: { alg, typ: 'JWT' } })).toEqual(MISSING);
  });

  it('without a signature, or signed with a private key of somebody’s own, is refused', async () => {
    const unsigned = `${part({ alg: 'none' })}.${part({ iss: ORGANIZATION })}.`;
    expect(verify(await delivery(`Bearer ${unsigned}`))).toEqual(MISSING);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const text = `${part({ alg: 'HS256' })}.${part({ iss: ORGANIZATION })}`;
    const signature = signWith('sha256', Buffer.from(text), privateKey).toString('base64url');
    expect(verify(await delivery(`Bearer ${text}.${signature}`))).toEqual(MISSING);
  });

  it('whose token was changed after signing is refused', async () => {
    const [header, , signature] = token().split('.');
    const forged = `${header}.${part({ iss: 'othercompany' })}.${signature}`;
    expect(verify(await delivery(`Bearer ${forged}`, { organization_id: 'othercompany' }), [KEY], null)).toEqual(WRONG);
  });

  it.each(['', 'Bearer', 'Bearer ', `Basic ${token()}`, token(), `Bearer ${token()}, Bearer ${token()}`])(
    'with the header %j is refused',
    async (authorization) => {
      expect(verify(await delivery(authorization))).toEqual(MISSING);
    },
  );

  it('of another organisation is refused, in the token, in the body, or against our own settings', async () => {
    const other = { kind: 'refused', because: 'wrong-account' };
    const claims = { iss: 'othercompany' };
    expect(await bearer({ claims })).toEqual(other);
    expect(verify(await delivery(undefined, { organization_id: 'othercompany' }))).toEqual(other);
    const theirs = await delivery(`Bearer ${token({ claims })}`, { organization_id: 'othercompany' });
    expect(verify(theirs)).toEqual(other);
    // Until the admin has entered the organisation, the key alone says whose it is.
    expect(verify(theirs, [KEY], null)).toMatchObject({ kind: 'authentic' });
    expect(verify(theirs, [KEY], '')).toMatchObject({ kind: 'authentic' });
  });

  it('names an organisation: without one, in token or body, it is refused', async () => {
    expect(await bearer({ claims: {} })).toEqual(WRONG);
    expect(await bearer({ claims: { iss: '' } })).toMatchObject({ kind: 'refused' });
    expect(verify(await delivery(undefined, { organization_id: undefined }))).toMatchObject({ kind: 'refused' });
  });

  it('needs no expiry, but one that is there counts', async () => {
    const at = async (claims: object) => (await bearer({ claims: { iss: ORGANIZATION, ...claims } })).kind;
    expect(await at({ exp: SECONDS + 1 })).toBe('authentic');
    expect(await at({ exp: SECONDS - 3600 })).toBe('refused');
    expect(await at({ nbf: SECONDS - 1 })).toBe('authentic');
    expect(await at({ nbf: SECONDS + 3600 })).toBe('refused');
    expect(await at({ exp: 'never' })).toBe('refused');
    expect(await at({ iat: SECONDS - 400 * 24 * 3600 })).toBe('authentic');
  });

  it('is refused while no key is known, also with an empty one', async () => {
    const unknown = { kind: 'refused', because: 'no-secret-configured' };
    expect(verify(await delivery(), [])).toEqual(unknown);
    expect(verify(await delivery(`Bearer ${token({ key: '' })}`), [''])).toEqual(unknown);
  });

  it('that is empty is a test while no key is known, and refused afterwards', () => {
    for (const text of ['', '{}', ' {} ']) {
      const probe = { headers: {}, body: Buffer.from(text) };
      expect(verify(probe, [])).toEqual({ kind: 'test', event: 'test' });
      expect(verify(probe)).toEqual(MISSING);
      expect(verify({ ...probe, headers: { authorization: `Bearer ${token()}` } })).toMatchObject({ kind: 'refused' });
    }
  });

  it('sent again at once is a repeat; the same words a minute later, or other words, are news', async () => {
    const keyOf = (request: WebhookRequest, now = NOW) => {
      const verdict = verify(request, [KEY], ORGANIZATION, now);
      return verdict.kind === 'authentic' ? verdict.deliveryKey : verdict.kind;
    };
    const first = keyOf(await delivery());
    const again = await delivery(`Bearer ${token({ claims: { iss: ORGANIZATION, iat: SECONDS } })}`);
    expect(keyOf(again, new Date(NOW.getTime() + 30_000))).toBe(first);
    expect(keyOf(again, new Date(NOW.getTime() + 60_000))).not.toBe(first);
    expect(keyOf(await delivery(undefined, { time_expired: true }))).not.toBe(first);
    expect(keyOf(await delivery(undefined, { report_ready: false }))).not.toBe(first);
    expect(keyOf(await delivery(undefined, { email: 'Ada@Example.com ' }))).toBe(first);
    expect(keyOf(await delivery(undefined, { report_url: 'https://coderbyte.com/elsewhere' }))).toBe(first);
    // An event that is not documented: nobody can say what in it matters.
    const unknown = await delivery(undefined, { operation: 'invoice_paid' });
    expect(keyOf(unknown)).not.toBe(keyOf(await delivery(undefined, { operation: 'invoice_paid', report_url: 'x' })));
  });

  it('of a scorecard is a repeat with the same thumb and comment; days later it is news, as is another thumb or comment', async () => {
    const scorecard = await readFixture('coderbyte/webhook-scorecard-updated');
    const keyOf = (change: Record<string, unknown>, now = NOW) => {
      const request = {
        headers: { authorization: `Bearer ${token()}` },
        body: Buffer.from(JSON.stringify({ ...scorecard, ...change })),
      };
      const verdict = verify(request, [KEY], ORGANIZATION, now);
      return verdict.kind === 'authentic' ? verdict.deliveryKey : verdict.kind;
    };
    expect(keyOf({})).toBe(keyOf({}));
    expect(keyOf({}, new Date(NOW.getTime() + 3 * 24 * 3_600_000))).not.toBe(keyOf({}));
    for (const change of [
      { recommendation: 'thumb_down' },
      { comment: 'Another one' },
      { trigger: 'comment' },
      { assessment_id: 'x' },
    ])
      expect(keyOf(change)).not.toBe(keyOf({}));
  });

  it('of random bytes under random headers is never authentic and never breaks anything', () => {
    fc.assert(
      fc.property(fc.string(), fc.uint8Array(), (text, body) => {
        expect(verify({ headers: { authorization: `Bearer ${text}` }, body }).kind).toBe('refused');
      }),
    );
  });
});
