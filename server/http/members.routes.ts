import { createRoute, z } from '@hono/zod-openapi';
import {
  atsUserListSchema,
  changeMemberSchema,
  type MemberRow,
  mapMemberSchema,
  memberRowSchema,
} from '../../lib/contract/pairing.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { ATS_NAMES } from '../../lib/domain/ats.ts';
import { PAGE_FRESH_MS, readUsersRead, refreshForPage } from '../people/refresh-users.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { findMemberToMap, listAtsUsers, mapByEmail, mapByHand } from '../storage/ats-users.repository.ts';
import { findConnection } from '../storage/connections.repository.ts';
import { changeMember, listMembers, type MemberRow as MemberStored, revokeMember } from '../storage/members.repository.ts';
import { json, jsonBody, refusals } from './answers.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';
import { audited } from './audited.ts';
import { difference } from './difference.ts';
import type { HttpParts } from './http-parts.ts';
import { idParams } from './id-params.ts';
import { listAtsConnectionIds, readMemberRows } from './member-rows.ts';
import { needs } from './needs.ts';
import { atsKindOf } from './sight.ts';

const list = createRoute({
  method: 'get',
  path: PATHS.members,
  summary: 'Who may use Tagalong, and who they are in the ATSs',
  ...needs('admin'),
  responses: { 200: json(z.object({ members: z.array(memberRowSchema) }), 'All members, also former ones'), ...refusals },
});

const change = createRoute({
  method: 'patch',
  path: PATHS.member,
  summary: 'Change the e-mail address or the role of a member',
  ...needs('admin'),
  request: { params: idParams, body: jsonBody(changeMemberSchema) },
  responses: { 200: json(memberRowSchema, 'The member after it'), ...refusals },
});

const revoke = createRoute({
  method: 'delete',
  path: PATHS.member,
  summary: 'End every connection of a member',
  ...needs('admin'),
  request: { params: idParams },
  responses: { 204: { description: 'Ended' }, ...refusals },
});

const mappingParams = z.object({ id: z.guid(), connectionId: z.guid() });

const map = createRoute({
  method: 'put',
  path: PATHS.memberAtsUser,
  summary: 'Say by hand who a member is in an ATS, or that they are nobody there',
  ...needs('admin'),
  request: { params: mappingParams, body: jsonBody(mapMemberSchema) },
  responses: { 200: json(memberRowSchema, 'The member after it'), ...refusals },
});

const unmap = createRoute({
  method: 'delete',
  path: PATHS.memberAtsUser,
  summary: 'Let the e-mail address decide again who a member is in an ATS',
  ...needs('admin'),
  request: { params: mappingParams },
  responses: { 200: json(memberRowSchema, 'The member after it'), ...refusals },
});

const users = createRoute({
  method: 'get',
  path: PATHS.connectionUsers,
  summary: 'The users of an ATS, to choose from',
  ...needs('admin'),
  request: { params: idParams },
  responses: { 200: json(atsUserListSchema, 'By name, with the deactivated'), ...refusals },
});

/** Who is in, who they are in the ATSs, and showing somebody out. */
export function addMemberRoutes(app: App, services: Services, { connector }: Pick<HttpParts, 'connector'>): void {
  const { db, clock } = services;
  const refreshing = { services, connector };
  const rowOf = async (id: string, yourId: string): Promise<MemberRow> => {
    const row = (await readMemberRows(db, yourId)).find((member) => member.id === id);
    if (!row) throw new ApiError('not-found');
    return row;
  };
  app.openapi(list, async (c) => {
    await refreshForPage(refreshing, await listAtsConnectionIds(db), PAGE_FRESH_MS);
    return c.json({ members: await readMemberRows(db, c.get('member').id) }, 200);
  });
  app.openapi(change, async (c) => {
    const { id } = c.req.valid('param');
    const came = await audited(services, c.get('member'), async (inside, note) => {
      const read = async () => (await listMembers(inside.db)).find(({ member }) => member.id === id)?.member;
      const before = await read();
      const changed = await changeMember(inside.db, { id, ...c.req.valid('json') });
      const after = await read();
      const detail = changed === 'changed' && before && after && difference(shown(before), shown(after));
      if (detail) note({ action: 'member.changed', detail: withName(detail, after.name) });
      return changed;
    });
    if (came === 'unknown') throw new ApiError('not-found');
    if (came === 'last-admin') throw new ApiError('forbidden', { message: say('server.last-admin-role') });
    return c.json(await rowOf(id, c.get('member').id), 200);
  });
  app.openapi(revoke, async (c) => {
    const { id } = c.req.valid('param');
    const came = await audited(services, c.get('member'), async (inside, note) => {
      const before = (await listMembers(inside.db)).find(({ member }) => member.id === id)?.member;
      const revoked = await revokeMember(inside.db, { id, now: clock.now() });
      if (revoked === 'revoked' && before && before.revokedAt === null)
        note({ action: 'member.revoked', detail: { before: { name: before.name, ...shown(before) } } });
      return revoked;
    });
    if (came === 'unknown') throw new ApiError('not-found');
    if (came === 'last-admin') throw new ApiError('forbidden', { message: say('server.last-admin') });
    return c.body(null, 204);
  });
  app.openapi(map, async (c) => {
    const { id: memberId, connectionId } = c.req.valid('param');
    const { userId } = c.req.valid('json');
    const ats = await atsOf(services, connectionId);
    if (!(await findMemberToMap(db, { memberId, connectionId }))) throw new ApiError('not-found');
    const known = userId === null || (await listAtsUsers(db, connectionId)).some((user) => user.userId === userId);
    if (!known) throw new ApiError('invalid', { message: say('server.no-such-user', { ats: ATS_NAMES[ats] }) });
    await audited(services, c.get('member'), async (inside, note) => {
      await mapByHand(inside.db, { memberId, connectionId, userId, setBy: c.get('member').id, setAt: clock.now() });
      const name = await nameOf(inside.db, memberId);
      note({ action: 'member.mapped', connectionId, detail: { after: { name, user: userId ?? 'none' } } });
    });
    return c.json(await rowOf(memberId, c.get('member').id), 200);
  });
  app.openapi(unmap, async (c) => {
    const { id: memberId, connectionId } = c.req.valid('param');
    await audited(services, c.get('member'), async (inside, note) => {
      await mapByEmail(inside.db, { memberId, connectionId });
      const name = await nameOf(inside.db, memberId);
      note({ action: 'member.mapped', connectionId, detail: { after: { name, user: 'by e-mail' } } });
    });
    return c.json(await rowOf(memberId, c.get('member').id), 200);
  });
  app.openapi(users, async (c) => {
    const { id } = c.req.valid('param');
    await atsOf(services, id);
    await refreshForPage(refreshing, [id], PAGE_FRESH_MS);
    return c.json({ users: await listAtsUsers(db, id), ...(await readUsersRead(db, id)) }, 200);
  });
}

function shown({ role, email }: MemberStored) {
  return { role, email };
}

/** Whose it is, beside what changed. */
function withName(detail: { before: object; after: object }, name: string) {
  return { before: { name, ...detail.before }, after: { name, ...detail.after } };
}

async function nameOf(db: Services['db'], memberId: string): Promise<string | undefined> {
  return (await listMembers(db)).find(({ member }) => member.id === memberId)?.member.name;
}

async function atsOf({ db }: Services, connectionId: string) {
  const row = await findConnection(db, connectionId);
  const ats = atsKindOf(row?.kind);
  if (!ats) throw new ApiError('not-found');
  return ats;
}
