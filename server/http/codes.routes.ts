import { createRoute, z } from '@hono/zod-openapi';
import { codeSchema, newCodeSchema } from '../../lib/contract/pairing.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import type { Services } from '../services.ts';
import { listPairingCodes, type PairingCodeRow, revokePairingCode } from '../storage/pairing-codes.repository.ts';
import { json, jsonBody, refusals } from './answers.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';
import { audited } from './audited.ts';
import { idParams } from './id-params.ts';
import { issueCode } from './issue-code.ts';
import { needs } from './needs.ts';
import { CODE_TRIES } from './redeem-code.ts';

const list = createRoute({
  method: 'get',
  path: PATHS.codes,
  summary: 'Pairing codes, newest first',
  ...needs('admin'),
  responses: { 200: json(z.object({ codes: z.array(codeSchema) }), 'The codes, without their secret part'), ...refusals },
});

const create = createRoute({
  method: 'post',
  path: PATHS.codes,
  summary: 'Make a pairing code',
  ...needs('admin'),
  request: { body: jsonBody(newCodeSchema) },
  responses: { 201: json(codeSchema, 'The code, shown this once'), ...refusals },
});

const revoke = createRoute({
  method: 'delete',
  path: PATHS.code,
  summary: 'End a pairing code',
  ...needs('admin'),
  request: { params: idParams },
  responses: { 204: { description: 'Ended' }, ...refusals },
});

/** How admins let others in. */
export function addCodeRoutes(app: App, services: Services): void {
  const { db, clock } = services;
  app.openapi(list, async (c) => {
    const rows = await listPairingCodes(db);
    return c.json({ codes: rows.map(({ code, usedByName }) => toView(code, usedByName, clock.now())) }, 200);
  });
  app.openapi(create, async (c) => {
    const order = { ...c.req.valid('json'), createdBy: c.get('member').id };
    const { row, shown } = await db.transaction((tx) => issueCode(tx, services, order));
    return c.json({ ...toView(row, null, clock.now()), code: shown }, 201);
  });
  app.openapi(revoke, async (c) => {
    const { id } = c.req.valid('param');
    await audited(services, c.get('member'), async (inside, note) => {
      if (!(await revokePairingCode(inside.db, { id, now: clock.now() }))) throw new ApiError('not-found');
      const row = (await listPairingCodes(inside.db)).find(({ code }) => code.id === id)?.code;
      note({ action: 'code.revoked', detail: { before: { role: row?.role, note: row?.note } } });
    });
    return c.body(null, 204);
  });
}

function toView(row: PairingCodeRow, usedByName: string | null, now: Date): z.infer<typeof codeSchema> {
  const { id, role, note, email } = row;
  const createdAt = row.createdAt.toISOString();
  const expiresAt = row.expiresAt.toISOString();
  return { id, role, note, email, createdAt, expiresAt, state: stateOf(row, now), usedBy: usedByName };
}

function stateOf(row: PairingCodeRow, now: Date): z.infer<typeof codeSchema>['state'] {
  if (row.usedAt) return 'used';
  if (row.revokedAt) return 'revoked';
  if (row.tries >= CODE_TRIES) return 'locked';
  return row.expiresAt <= now ? 'expired' : 'waiting';
}
