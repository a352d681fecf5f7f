import type { Context, Hono } from 'hono';
import type { Credential, User } from '../world/records.ts';
import type { World } from '../world/world.ts';
import { ApiError } from './errors.ts';
import type { RateWindow } from './rate-window.ts';
import type { Token, Tokens } from './tokens.ts';

const GRANTS = 'authorization_code, refresh_token, client_credentials, urn:ietf:params:oauth:grant-type:token-exchange';

interface TokenEndpointParts {
  world: World;
  tokens: Tokens;
  rates: RateWindow;
  newId: () => string;
}

/** The auth host: `POST /token` (client credentials) and `POST /introspect`. */
export function addTokenEndpoint(app: Hono, parts: TokenEndpointParts): void {
  app.post('/token', (c) => answerErrors(c, () => answerToken(c, parts)));
  app.post('/introspect', (c) => answerErrors(c, () => answerIntrospection(c, parts)));
}

async function answerErrors(c: Context, answer: () => Promise<Response>): Promise<Response> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof ApiError) return c.json(error.body, error.status);
    throw error;
  }
}

async function answerToken(c: Context, parts: TokenEndpointParts): Promise<Response> {
  const { world, tokens, rates } = parts;
  const credential = needClient(c, parts);
  const limit = { limit: world.settings.tokenRateLimit, windowSeconds: 60 };
  const { retryAfterSeconds } = rates.take({ client: `token ${credential.clientId}`, ...limit });
  if (retryAfterSeconds !== null) {
    c.header('Retry-After', String(retryAfterSeconds));
    throw new ApiError(429, { message: 'Too Many Requests' });
  }
  const form = await readForm(c);
  // Both places were accepted by the live service.
  const grant = form.get('grant_type') ?? c.req.query('grant_type');
  if (grant !== 'client_credentials') throw oauthError('unsupported_grant_type', `Use one of: ${GRANTS}`);
  return c.json(toAnswer(tokens.mint(credential, findActingUser(form.get('sub'), credential, parts)), world));
}

function needClient(c: Context, { world, newId }: TokenEndpointParts): Credential {
  const given = /^Basic (\S+)$/.exec(c.req.header('Authorization') ?? '')?.[1];
  if (!given) throw new ApiError(401, { error: 'invalid_client' });
  const [clientId = '', ...rest] = Buffer.from(given, 'base64').toString('utf8').split(':');
  // Seen live: the message repeats the id, so a log that keeps it keeps the id.
  if (!/-\d+$/.test(clientId)) throw new ApiError(400, { message: `Client id ${clientId} is malformed`, errorId: newId() });
  const credential = world.credentials.list((row) => row.clientId === clientId)[0];
  if (!credential?.clientSecrets.includes(rest.join(':'))) throw new ApiError(401, { error: 'invalid_client' });
  return credential;
}

async function readForm(c: Context): Promise<URLSearchParams> {
  const type = c.req.header('Content-Type') ?? '';
  if (!type.startsWith('application/x-www-form-urlencoded')) throw oauthError('invalid_request', 'The body must be a form');
  return new URLSearchParams(await c.req.text());
}

function oauthError(error: string, error_description: string): ApiError {
  return new ApiError(400, { error, error_description });
}

/** Inferred: what an unknown `sub` answers. */
function findActingUser(sub: string | null, credential: Credential, { world, newId }: TokenEndpointParts): User {
  if (sub === null) return world.users.get(credential.serviceUserId);
  const user = /^\d+$/.test(sub) ? world.users.find(Number(sub)) : undefined;
  if (!user || user.deactivated) throw new ApiError(400, { message: 'sub is not an active user', errorId: newId() });
  return user;
}

function toAnswer({ text, expiresAt }: Token, { settings }: World): Record<string, unknown> {
  const expires_at = expiresAt.toISOString().replace(/\.\d+Z$/, '+0000');
  return {
    token_type: 'Bearer',
    access_token: text,
    ...(settings.tokenExpiry === 'expires_in' ? {} : { expires_at }),
    ...(settings.tokenExpiry === 'expires_at' ? {} : { expires_in: settings.tokenLifetimeSeconds }),
  };
}

async function answerIntrospection(c: Context, parts: TokenEndpointParts): Promise<Response> {
  const credential = needClient(c, parts);
  const token = parts.tokens.find((await readForm(c)).get('token') ?? '');
  if (token?.credential.clientId !== credential.clientId) return c.json({ active: false });
  const claims = { organization: { id: 1, name: 'Example company' }, user_role: token.user.siteAdmin ? 'site_admin' : 'basic' };
  const plain = { active: true, client_id: credential.clientId, sub: String(token.user.id), scope: credential.scopes.join(' ') };
  return c.json({ ...plain, 'https://auth.greenhouse.io/claims': claims });
}
