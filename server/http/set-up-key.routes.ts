import { createRoute } from '@hono/zod-openapi';
import { PATHS } from '../../lib/contract/paths.ts';
import { setUpKeyAnswerSchema } from '../../lib/contract/settings.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { openConnectionSecrets } from '../storage/connection-secrets.ts';
import { json, refusals } from './answers.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';
import { failureToError } from './describe-failure.ts';
import type { HttpParts } from './http-parts.ts';
import { idParams } from './id-params.ts';
import { kindName } from './kind-name.ts';
import { needs } from './needs.ts';
import { getConnection } from './read-connections.ts';
import { forgetSecret } from './save-connection.ts';

const forget = createRoute({
  method: 'delete',
  path: PATHS.setUpKey,
  summary: 'Forget the set-up key, once the ATS refuses it or it cannot be read here',
  ...needs('admin'),
  request: { params: idParams },
  responses: { 200: json(setUpKeyAnswerSchema, 'Whether it is dead, and what to do if not'), ...refusals },
});

/**
 * The key with the wider rights is to live as long as the set-up. It is asked to prove that it is dead before it is forgotten; one that
 * does not open here any more can be asked nothing, and is forgotten without: people are told to see to it at the ATS.
 */
export function addSetUpKeyRoutes(app: App, services: Services, parts: HttpParts): void {
  app.openapi(forget, async (c) => {
    const { id } = c.req.valid('param');
    const row = await getConnection(services.db, id, 'ats');
    const name = kindName(row.kind);
    if (openConnectionSecrets(services.sealer, row).locked.includes('setupKey')) {
      await forgetSecret(id, 'setupKey', c.get('member'), services);
      return c.json({ dead: false, message: say('server.set-up-key.unreadable', { name }) }, 200);
    }
    const { isSetUpKeyDead } = await parts.connectSetUp(id);
    if (!isSetUpKeyDead) throw new ApiError('not-found');
    const dead = await isSetUpKeyDead();
    if (!dead.ok) throw failureToError(dead, { name, side: 'ats' });
    if (!dead.value) return c.json({ dead: false, message: say('server.set-up-key.alive', { name }) }, 200);
    await forgetSecret(id, 'setupKey', c.get('member'), services);
    return c.json({ dead: true, message: say('server.set-up-key.dead', { name }) }, 200);
  });
}
