import { Hono } from 'hono';
import { html } from 'hono/html';
import type { LeverWorld } from '../world.ts';
import { OFFLINE, SCOPES } from './scopes.ts';

const NEEDED = ['client_id', 'redirect_uri', 'response_type', 'state', 'audience', 'scope'];
const CODE_LIFETIME_MS = 10 * 60_000;

/**
 * `GET /authorize`: the consent page, for a Super Admin. An address that was not registered byte for byte ends on a page "undefined";
 * a missing or wrong audience leaves nothing but offline_access to consent to.
 */
export function authorizeRoutes(world: LeverWorld): Hono {
  const { account, random, settings, nowMs } = world;
  const { oauth } = account;
  const app = new Hono({ strict: false });

  app.get('/authorize', (c) => {
    const query = c.req.query();
    const client = oauth.apps.get(query.client_id ?? '');
    const { redirect_uri: redirectUri, state } = query;
    if (!client || !redirectUri || !client.redirectUris.includes(redirectUri)) return c.html('<p>undefined</p>', 400);
    const back = (answer: Record<string, string>) => c.redirect(withQuery(redirectUri, { state: state ?? '', ...answer }));
    const missing = NEEDED.find((name) => name !== 'audience' && !query[name]);
    if (missing) return back({ error: 'invalid_request', error_description: `Missing required parameter: ${missing}` });
    if (query.response_type !== 'code') return back({ error: 'unsupported_response_type', error_description: 'code' });
    const asked = (query.scope ?? '').split(' ');
    // Inferred: an unknown scope, or one that the app was not given.
    const foreign = asked.find((scope) => !SCOPES.has(scope) || !client.scopes.includes(scope));
    if (foreign) return back({ error: 'invalid_scope', error_description: foreign });
    const scopes = query.audience === settings.audience ? asked : asked.filter((scope) => scope === OFFLINE);
    const id = random.uuid();
    oauth.requests.set(id, { app: client, redirectUri, state: state ?? '', scopes });
    const link = (answer: string) => `/authorize/${id}?answer=${answer}`;
    return c.html(html`<h1>Consent</h1><ul>${scopes.map((scope) => html`<li>${scope}</li>`)}</ul>
      <a href="${link('yes')}">Allow</a> <a href="${link('no')}">Deny</a>`);
  });

  app.get('/authorize/:request', (c) => {
    const request = oauth.requests.get(c.req.param('request'));
    if (!request) return c.html('<p>undefined</p>', 400);
    oauth.requests.delete(c.req.param('request'));
    const { redirectUri, state, scopes } = request;
    if (c.req.query('answer') !== 'yes')
      return c.redirect(withQuery(redirectUri, { state, error: 'access_denied', error_description: 'User did not authorize' }));
    const code = random.hex(24);
    const grant = { clientId: request.app.clientId, scopes, revoked: false };
    oauth.codes.set(code, { grant, redirectUri, expiresAtMs: nowMs() + CODE_LIFETIME_MS, isUsed: false });
    return c.redirect(withQuery(redirectUri, { state, code }));
  });
  return app;
}

function withQuery(address: string, values: Record<string, string>): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value);
  return url.href;
}
