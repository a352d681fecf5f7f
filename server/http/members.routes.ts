import { createRoute, z } from '@hono/zod-openapi';
import { memberRowSchema } from '../../lib/contract/pairing.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { listMembers, revokeMember } from '../storage/members.repository.ts';
import { json, refusals } from './answers.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';
import { idParams } from './id-params.ts';
import { needs } from './needs.ts';

const list = createRoute({
  method: 'get',
  path: PATHS.members,
  summary: 'Who may use Tagalong',
  ...needs('admin'),
  responses: { 200: json(z.object({ members: z.array(memberRowSchema) }), 'All members, also former ones'), ...refusals },
});

const revoke = createRoute({
  method: 'delete',
  path: PATHS.member,
  summary: 'End every connection of a member',
  ...needs('admin'),
  request: { params: idParams },
  responses: { 204: { description: 'Ended' }, ...refusals },
});

/** Who is in, and showing somebody out. */
export function addMemberRoutes(app: App, { db, clock }: Services): void {
  app.openapi(list, async (c) => {
    const rows = await listMembers(db);
    return c.json({ members: rows.map((row) => toView(row, c.get('member').id)) }, 200);
  });
  app.openapi(revoke, async (c) => {
    const came = await revokeMember(db, { id: c.req.valid('param').id, now: clock.now() });
    if (came === 'unknown') throw new ApiError('not-found');
    if (came === 'last-admin') throw new ApiError('forbidden', { message: say('server.last-admin') });
    return c.body(null, 204);
  });
}

type MemberWithTokens = Awaited<ReturnType<typeof listMembers>>[number];

function toView({ member, tokens }: MemberWithTokens, yourId: string): z.infer<typeof memberRowSchema> {
  const uses = tokens.flatMap(({ lastUsedAt }) => (lastUsedAt ? [lastUsedAt.getTime()] : []));
  return {
    id: member.id,
    name: member.name,
    role: member.role,
    createdAt: member.createdAt.toISOString(),
    lastSeenAt: uses.length > 0 ? new Date(Math.max(...uses)).toISOString() : null,
    revokedAt: member.revokedAt?.toISOString() ?? null,
    isYou: member.id === yourId,
    device: tokens.at(-1)?.device ?? '',
  };
}
