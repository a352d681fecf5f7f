import { createRoute, z } from '@hono/zod-openapi';
import { PATHS } from '../../lib/contract/paths.ts';
import {
  madeOutgoingHookSchema,
  newOutgoingHookSchema,
  type OutgoingHookView,
  outgoingHookSchema,
  testMailAnswerSchema,
} from '../../lib/contract/settings.ts';
import { HOOK_EVENTS } from '../../lib/domain/hook-event.ts';
import { postHook } from '../effects/post-hook.ts';
import { troubleWords } from '../effects/trouble-words.ts';
import { checkTarget } from '../outbound/target.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import {
  addHook,
  changeHook,
  deleteHook,
  findHook,
  type HookRow,
  listHooks,
  openHook,
} from '../storage/outgoing-hooks.repository.ts';
import { json, jsonBody, refusals } from './answers.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';
import { auditAct, audited } from './audited.ts';
import { difference } from './difference.ts';
import { idParams } from './id-params.ts';
import { needs } from './needs.ts';

const list = createRoute({
  method: 'get',
  path: PATHS.outgoingHooks,
  summary: 'Other systems that are told what happens',
  ...needs('admin'),
  responses: { 200: json(z.object({ hooks: z.array(outgoingHookSchema) }), 'Without their secrets'), ...refusals },
});

const create = createRoute({
  method: 'post',
  path: PATHS.outgoingHooks,
  summary: 'Tell another system what happens, by signed webhooks',
  ...needs('admin'),
  request: { body: jsonBody(newOutgoingHookSchema) },
  responses: { 201: json(madeOutgoingHookSchema, 'With the secret, this once'), ...refusals },
});

const change = createRoute({
  method: 'patch',
  path: PATHS.outgoingHook,
  summary: 'Change where another system is told, or of what',
  ...needs('admin'),
  request: {
    params: idParams,
    body: jsonBody(z.object({ ...newOutgoingHookSchema.shape, enabled: newOutgoingHookSchema.shape.enabled.unwrap() }).partial()),
  },
  responses: { 200: json(outgoingHookSchema, 'After it'), ...refusals },
});

const remove = createRoute({
  method: 'delete',
  path: PATHS.outgoingHook,
  summary: 'Tell another system nothing any more',
  ...needs('admin'),
  request: { params: idParams },
  responses: { 204: { description: 'Deleted' }, ...refusals },
});

const renew = createRoute({
  method: 'post',
  path: PATHS.outgoingHookSecret,
  summary: 'Make another secret; the one before counts no more',
  ...needs('admin'),
  request: { params: idParams },
  responses: { 200: json(madeOutgoingHookSchema, 'With the secret, this once'), ...refusals },
});

const test = createRoute({
  method: 'post',
  path: PATHS.outgoingHookTest,
  summary: 'Send a webhook of the type "test"',
  ...needs('admin'),
  request: { params: idParams },
  responses: { 200: json(testMailAnswerSchema, 'What came of it'), ...refusals },
});

/** The generic webhook that goes out. */
export function addOutgoingHookRoutes(app: App, services: Services): void {
  const { db, clock, sealer, random } = services;
  app.openapi(list, async (c) => c.json({ hooks: (await listHooks(db)).map(toView) }, 200));
  app.openapi(create, async (c) => {
    const fields = c.req.valid('json');
    checkAddress(services, fields.url);
    const secret = makeSecret(services);
    const id = await audited(services, c.get('member'), async (inside, note) => {
      const made = await addHook(inside, fields, secret);
      note({ action: 'outgoing-hook.added', detail: { after: toNoted(await get(inside, made)) } });
      return made;
    });
    return c.json({ hook: toView(await get(services, id)), secret }, 201);
  });
  app.openapi(change, async (c) => {
    const { id } = c.req.valid('param');
    const fields = c.req.valid('json');
    if (fields.url !== undefined) checkAddress(services, fields.url);
    await audited(services, c.get('member'), async (inside, note) => {
      const before = await get(inside, id);
      if (!(await changeHook(inside, id, fields))) throw new ApiError('not-found');
      const detail = difference(toNoted(before), toNoted(await get(inside, id)));
      if (detail) note({ action: 'outgoing-hook.changed', detail });
    });
    return c.json(toView(await get(services, id)), 200);
  });
  app.openapi(remove, async (c) => {
    const { id } = c.req.valid('param');
    await audited(services, c.get('member'), async (inside, note) => {
      const before = await get(inside, id);
      if (!(await deleteHook(inside.db, { id, now: clock.now() }))) throw new ApiError('not-found');
      note({ action: 'outgoing-hook.removed', detail: { before: toNoted(before) } });
    });
    return c.body(null, 204);
  });
  app.openapi(renew, async (c) => {
    const { id } = c.req.valid('param');
    const secret = makeSecret(services);
    await audited(services, c.get('member'), async (inside, note) => {
      const before = await get(inside, id);
      if (!(await changeHook(inside, id, { secret }))) throw new ApiError('not-found');
      const detail = { before: toNoted(before), after: toNoted(await get(inside, id)) };
      note({ action: 'outgoing-hook.secret-replaced', detail });
    });
    return c.json({ hook: toView(await get(services, id)), secret }, 200);
  });
  app.openapi(test, async (c) => {
    const row = await get(services, c.req.valid('param').id);
    const payload = { type: 'test', timestamp: clock.now().toISOString(), data: {} };
    const answer = await postHook(services, openHook(sealer, row), { id: `msg_test_${random.uuid()}`, payload });
    await auditAct(services, c.get('member'), {
      action: 'outgoing-hook.tested',
      detail: { after: { name: row.name, taken: answer.ok } },
    });
    const message = answer.ok ? say('server.hook.taken') : troubleWords(answer, row.name);
    return c.json({ ok: answer.ok, message }, 200);
  });
}

async function get({ db }: Services, id: string): Promise<HookRow> {
  const row = await findHook(db, id);
  if (!row) throw new ApiError('not-found');
  return row;
}

/** The host alone of its address: with some systems the rest of it is a secret. */
function toNoted({ name, url, events, enabled, lastFour }: HookRow) {
  return { name, host: new URL(url).host, address: `… ${url.slice(-4)}`, events, enabled, secret: `… ${lastFour}` };
}

function toView({ id, name, url, events, enabled, lastFour, createdAt, ...last }: HookRow): OutgoingHookView {
  return {
    id,
    name,
    url,
    // Of a newer version there may be events that this one does not know.
    events: HOOK_EVENTS.filter((event) => events.includes(event)),
    enabled,
    lastFour,
    lastOkAt: last.lastOkAt?.toISOString() ?? null,
    lastFailedAt: last.lastFailedAt?.toISOString() ?? null,
    lastFailedBecause: last.lastFailedBecause,
    createdAt: createdAt.toISOString(),
  };
}

/** Where a name leads is looked at when it is called. @throws ApiError `invalid` */
function checkAddress({ config }: Services, url: string): void {
  const check = checkTarget(url, { testHosts: config.testHosts, allowedHosts: 'any-public' });
  if (check.ok) return;
  const message = say('server.hook.wrong-address', { detail: check.detail });
  throw new ApiError('invalid', { message, details: [{ path: 'url', message }] });
}

/** 24 to 64 bytes, as the specification of Standard Webhooks asks. */
function makeSecret({ random }: Services): string {
  return `whsec_${Buffer.from(random.token(32), 'base64url').toString('base64')}`;
}
