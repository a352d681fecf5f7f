import { createRoute } from '@hono/zod-openapi';
import { pairAnswerSchema, pairRequestSchema } from '../../lib/contract/pairing.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { json, jsonBody, refusals } from './answers.ts';
import { ApiError } from './api-error.ts';
import type { App, AppContext } from './app-env.ts';
import { isExtensionOrigin } from './is-extension-origin.ts';
import { limitGuessing } from './limit-guessing.ts';
import { redeemCode } from './redeem-code.ts';

const pair = createRoute({
  method: 'post',
  path: PATHS.pair,
  summary: 'Trade a one-time code for a token',
  security: [],
  request: { body: jsonBody(pairRequestSchema) },
  responses: { 200: json(pairAnswerSchema, 'Connected; the token is shown this once'), ...refusals },
});

/** The one way in. */
export function addPairRoutes(app: App, services: Services): void {
  const limit = limitGuessing(services);
  app.openapi(pair, async (c) => {
    const address = remoteAddress(c);
    await limit.refuseIfTooMany(address);
    const { code, name, device } = c.req.valid('json');
    const origin = c.req.header('origin');
    const redeemed = await redeemCode(services, { typed: code, name, device, origin: isExtensionOrigin(origin) ? origin : null });
    if (redeemed.kind === 'wrong') await limit.countWrong(address);
    if (redeemed.kind !== 'welcome') throw refusal(redeemed.kind);
    const { company, publicUrl } = services.config;
    return c.json({ token: redeemed.token, member: redeemed.member, company, publicUrl }, 200);
  });
}

function refusal(kind: 'wrong' | 'locked' | 'over'): ApiError {
  if (kind === 'wrong') return new ApiError('code-wrong');
  return kind === 'over' ? new ApiError('code-expired') : new ApiError('too-many-tries', { message: say('server.code-locked') });
}

/** The other end of the connection; headers about it are not believed, anybody can write them. */
function remoteAddress(c: AppContext): string {
  return c.env?.incoming?.socket.remoteAddress ?? 'unknown';
}
