import { createHmac } from 'node:crypto';

/** Coderbyte's webhook token: a JWT, HS256 with the organisation's API key, whose `iss` is the organisation. It does not cover the body. */
export function signToken({ apiKey, claims }: { apiKey: string; claims: Record<string, unknown> }): string {
  const text = [{ alg: 'HS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${text}.${createHmac('sha256', apiKey).update(text).digest('base64url')}`;
}
