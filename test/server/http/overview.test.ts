import { describe, expect, it } from 'vitest';
import { connectionViewSchema, overviewSchema } from '../../../lib/contract/settings.ts';
import { API_KEY, useSetUp } from '../../support/admin-set-up.ts';
import { createTestHttpServer } from '../../support/http-server.ts';

describe('a server without a public address', () => {
  it('has no webhook addresses and says so', async () => {
    const server = await createTestHttpServer();
    const { token } = await server.join('admin');
    const response = await server.call('POST', '/api/connections', {
      token,
      body: { name: 'Lever', settings: { kind: 'lever' }, secrets: { apiKey: API_KEY } },
    });
    const view = connectionViewSchema.parse(await response.json());
    expect(view.webhooks.map(({ url }) => url)).toEqual([null, null]);
    expect(view.state).toBe('ready');
    const { steps } = overviewSchema.parse(await (await server.call('GET', '/api/overview', { token })).json());
    expect(steps.find(({ id }) => id === 'webhooks')).toMatchObject({
      state: 'off',
      text: expect.stringContaining('PUBLIC_URL'),
    });
    await server.drop();
  });
});

describe('the checklist', () => {
  const at = useSetUp({
    ats: {
      listStages: async () => ({ ok: true, value: [] }),
      listDispositionReasons: async () => ({ ok: true, value: [] }),
    },
  });
  const states = async () => {
    const { steps } = await at.current().read(overviewSchema, 'GET', '/api/overview');
    return Object.fromEntries(steps.map(({ id, state }) => [id, state]));
  };

  it('goes from nothing to ready, one step after the other', async () => {
    const { connect, call, server } = at.current();
    expect(await states()).toEqual({
      ats: 'needs-you',
      vendor: 'needs-you',
      assessment: 'needs-you',
      stages: 'needs-you',
      reasons: 'needs-you',
      webhooks: 'needs-you',
      mail: 'off',
      rules: 'ready',
      people: 'off',
    });
    const ats = await connect({ kind: 'lever' }, { apiKey: API_KEY });
    expect(await states()).toMatchObject({ ats: 'needs-you', webhooks: 'needs-you' });
    await call('POST', `/api/webhooks/${ats.webhooks[0]?.id}/secrets`, { secret: 'token-of-lever-1234' });
    expect(await states()).toMatchObject({ ats: 'ready', webhooks: 'ready', stages: 'needs-you', reasons: 'needs-you' });
    await call('PUT', `/api/connections/${ats.id}/stage-roles`, {
      roles: [{ stageId: 's', stageName: 'Test', role: 'assessment' }],
    });
    await call('PUT', `/api/connections/${ats.id}/reason-meanings`, { meanings: [{ reasonId: 'r', meaning: 'rejected' }] });
    const vendor = await connect({ kind: 'byteboard' });
    await call('POST', '/api/assessments', {
      vendorConnectionId: vendor.id,
      externalId: 'c',
      name: 'Core',
      tag: 'Core',
      linkTemplate: 'https://b.example/',
    });
    expect(await states()).toMatchObject({
      stages: 'ready',
      reasons: 'ready',
      vendor: 'ready',
      assessment: 'needs-you',
      mail: 'needs-you',
    });
    await call('PUT', '/api/mail', { smtpUrl: 'smtp://mail.example.com', from: 'jobs@example.com' });
    await server.join('recruiter');
    expect(Object.values(await states()).every((state) => state === 'ready')).toBe(true);
    await call('PATCH', `/api/connections/${ats.id}`, { enabled: false });
    expect(await states()).toMatchObject({ ats: 'off', stages: 'needs-you' });
  });
});
