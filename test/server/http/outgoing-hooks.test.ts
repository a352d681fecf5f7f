import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { madeOutgoingHookSchema, outgoingHookSchema, testMailAnswerSchema } from '../../../lib/contract/settings.ts';
import { readConfig } from '../../../server/config.ts';
import { outgoingHooks } from '../../../server/storage/schema.ts';
import { type HookReceiver, startHookReceiver } from '../../simulators/byteboard/hook-receiver.ts';
import { useSetUp } from '../../support/admin-set-up.ts';

const at = useSetUp();
const PATH = '/api/outgoing-hooks';
let receiver: HookReceiver;
beforeAll(async () => {
  receiver = await startHookReceiver(() => at.current().services.clock.now());
  Object.assign(at.current().services, { config: readConfig({ TEST_HOSTS: receiver.host }) });
});
afterAll(() => receiver.close());

const input = (more: object = {}) => ({ name: 'Warehouse', url: receiver.url, events: ['invitation.sent'], ...more });

describe('an outgoing hook', () => {
  it('is made with a secret that is shown once and kept sealed, tested, changed and deleted', async () => {
    const { read, call, services } = at.current();
    const { hook, secret } = await read(madeOutgoingHookSchema, 'POST', PATH, input());
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(hook).toMatchObject({ name: 'Warehouse', enabled: true, lastFour: secret.slice(-4), lastOkAt: null });
    expect(JSON.stringify(await services.db.select().from(outgoingHooks))).not.toContain(secret.slice(6, -4));
    expect(await (await call('GET', PATH)).text()).not.toContain(secret.slice(6, -4));

    receiver.expect(secret);
    expect(await read(testMailAnswerSchema, 'POST', `${PATH}/${hook.id}/test`)).toMatchObject({ ok: true });
    expect(receiver.received).toMatchObject([{ type: 'test' }]);

    const renewed = await read(madeOutgoingHookSchema, 'POST', `${PATH}/${hook.id}/secret`);
    const failed = await read(testMailAnswerSchema, 'POST', `${PATH}/${hook.id}/test`);
    expect(failed.ok).toBe(false);
    expect(receiver.refused).toEqual(['wrong signature']);
    receiver.expect(renewed.secret);
    expect(await read(testMailAnswerSchema, 'POST', `${PATH}/${hook.id}/test`)).toMatchObject({ ok: true });

    const changed = await read(outgoingHookSchema, 'PATCH', `${PATH}/${hook.id}`, { enabled: false });
    expect(changed).toMatchObject({ enabled: false, name: 'Warehouse', lastFailedBecause: 'HTTP 401' });
    expect((await call('DELETE', `${PATH}/${hook.id}`)).status).toBe(204);
    expect((await call('DELETE', `${PATH}/${hook.id}`)).status).toBe(404);
    expect(await read(z.object({ hooks: z.array(outgoingHookSchema) }), 'GET', PATH)).toEqual({ hooks: [] });
    expect(await services.db.select().from(outgoingHooks)).toMatchObject([{ sealedSecret: '' }]);
  });

  it.each([
    'http://hooks.example.com/',
    'https://127.0.0.1/',
    'https://10.0.0.8/x',
    'https://u:p@hooks.example.com/',
    'nonsense',
  ])('is not made for %s', async (url) => {
    expect(await at.current().refusal('POST', PATH, input({ url }))).toMatchObject({
      code: 'invalid',
      details: [{ path: 'url' }],
    });
  });

  it('is not made for nothing, or for what nobody tells', async () => {
    expect((await at.current().refusal('POST', PATH, input({ events: [] }))).code).toBe('invalid');
    expect((await at.current().refusal('POST', PATH, input({ events: ['candidate.hired'] }))).code).toBe('invalid');
  });
});
