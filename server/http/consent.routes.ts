import { createRoute } from '@hono/zod-openapi';
import { html } from 'hono/html';
import { PATHS } from '../../lib/contract/paths.ts';
import { consentAddressSchema } from '../../lib/contract/settings.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { addOauthState } from '../storage/oauth-states.repository.ts';
import { json, refusals } from './answers.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';
import { auditAct, audited } from './audited.ts';
import { finishConsent } from './finish-consent.ts';
import type { HttpParts } from './http-parts.ts';
import { idParams } from './id-params.ts';
import { needs } from './needs.ts';
import { getConnection } from './read-connections.ts';

const ask = createRoute({
  method: 'post',
  path: PATHS.connectionConsent,
  summary: 'The address at the ATS where a person gives consent; good for ten minutes and once',
  ...needs('admin'),
  request: { params: idParams },
  responses: { 200: json(consentAddressSchema, 'Where to go'), ...refusals },
});

const forget = createRoute({
  method: 'delete',
  path: PATHS.connectionConsent,
  summary: 'Forget the consent and its tokens',
  ...needs('admin'),
  request: { params: idParams },
  responses: { 204: { description: 'Forgotten' }, ...refusals },
});

/** Long enough to sign in at Lever, too short to lie around. */
const STATE_LIFETIME_MS = 10 * 60_000;

/** Consent of a person at the ATS: asked for by an admin here, given there, finished at the callback. */
export function addConsentRoutes(app: App, services: Services, parts: HttpParts): void {
  const { db, clock, random, config } = services;
  app.openapi(ask, async (c) => {
    const { id } = c.req.valid('param');
    await getConnection(db, id, 'ats');
    if (config.publicUrl === null) throw new ApiError('invalid', { message: say('server.consent.unreachable') });
    const consent = await parts.connectConsent(id);
    const state = random.token(32);
    const redirectUri = `${config.publicUrl}${PATHS.leverCallback}`;
    const now = clock.now();
    const expiresAt = new Date(now.getTime() + STATE_LIFETIME_MS);
    const startedBy = c.get('member').id;
    await audited(services, c.get('member'), async (inside, note) => {
      await addOauthState(inside.db, { state, connectionId: id, redirectUri, startedBy, expiresAt, now });
      note({ action: 'consent.asked', connectionId: id });
    });
    return c.json({ url: consent.address({ state, redirectUri }) }, 200);
  });
  app.openapi(forget, async (c) => {
    const { id } = c.req.valid('param');
    await getConnection(db, id, 'ats');
    await (await parts.connectConsent(id)).forget();
    await auditAct(services, c.get('member'), { action: 'consent.forgotten', connectionId: id });
    return c.body(null, 204);
  });
  addCallback(app, { services, parts });
}

/** Public: whoever comes here proves by the state that an admin sent them. */
function addCallback(app: App, means: { services: Services; parts: HttpParts }): void {
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: PATHS.leverCallback,
    summary: 'Where Lever sends the person who was asked for consent',
    responses: {
      200: { description: 'A page: connected' },
      400: { description: 'A page: refused, too late, or used already' },
    },
  });
  app.get(PATHS.leverCallback, async (c) => {
    c.header('Cache-Control', 'no-store');
    const { status, message } = await finishConsent(c.req.query(), means);
    return c.html(toPage(message), status);
  });
}

/** No script, no style, nothing from outside: our own security header allows none. */
function toPage(message: string) {
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Tagalong</title></head>
<body><h1>Tagalong</h1><p>${message}</p></body>
</html>`;
}
