import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { connectionViewSchema, webhookViewSchema } from '../../../lib/contract/settings.ts';
import { openWebhookSecrets } from '../../../server/storage/connection-secrets.ts';
import { findConnection } from '../../../server/storage/connections.repository.ts';
import { webhookEndpoints } from '../../../server/storage/schema.ts';
import { findWebhookEndpoint } from '../../../server/storage/webhook-endpoints.repository.ts';
import { useSetUp } from '../../support/admin-set-up.ts';

describe('webhook addresses', () => {
  const at = useSetUp();
  const addedSchema = z.object({ webhook: webhookViewSchema, secret: z.string().nullable() });

  it('are made with the connection, one per event, unguessable, and stay', async () => {
    const { connect, read } = at.current();
    const view = await connect({ kind: 'lever' });
    expect(view.webhooks.map(({ event }) => event)).toEqual(['candidateStageChange', 'candidateArchiveChange']);
    const urls = view.webhooks.map(({ url }) => url);
    for (const url of urls) expect(url).toMatch(/^https:\/\/tagalong\.example\.com\/hooks\/[\w-]{43}$/);
    expect(new Set(urls).size).toBe(2);
    const changed = await read(connectionViewSchema, 'PATCH', `/api/connections/${view.id}`, { name: 'Lever EU' });
    expect(changed.webhooks.map(({ url }) => url)).toEqual(urls);
  });

  it('of Greenhouse get a secret of ours, shown once, and take two while one replaces the other', async () => {
    const { connect, read, services } = at.current();
    const connection = await connect({ kind: 'greenhouse' });
    const path = `/api/webhooks/${connection.webhooks[0]?.id}/secrets`;
    const first = await read(addedSchema, 'POST', path, {});
    expect(first.secret).toMatch(/^[\w-]{43}$/);
    const second = await read(addedSchema, 'POST', path, { secret: 'chosen-by-the-admin-99' });
    expect(second.secret).toBeNull();
    expect(second.webhook.secrets.map(({ lastFour }) => lastFour)).toEqual([first.secret?.slice(-4), 'n-99']);

    const open = async () => {
      const endpoint = await findWebhookEndpoint(services.db, connection.webhooks[0]?.id ?? '');
      const row = await findConnection(services.db, connection.id);
      return endpoint && row ? openWebhookSecrets(services.sealer, endpoint, row).secrets : [];
    };
    expect(await open()).toEqual(['chosen-by-the-admin-99', first.secret]);
    const left = await read(webhookViewSchema, 'DELETE', `${path}/${first.webhook.secrets[0]?.id}`);
    expect(left.secrets.map(({ lastFour }) => lastFour)).toEqual(['n-99']);
    expect(await open()).toEqual(['chosen-by-the-admin-99']);
  });

  it('of Lever take the token that Lever shows, and make none up', async () => {
    const { connect, read, refusal } = at.current();
    const { webhooks } = await connect({ kind: 'lever' });
    const path = `/api/webhooks/${webhooks[0]?.id}/secrets`;
    expect(await refusal('POST', path, {})).toMatchObject({ code: 'invalid', details: [{ path: 'secret' }] });
    expect((await read(addedSchema, 'POST', path, { secret: 'token-of-lever-1234' })).secret).toBeNull();
  });

  it('of Coderbyte are signed with the API key', async () => {
    const { connect, refusal, services } = at.current();
    const connection = await connect({ kind: 'coderbyte' }, { apiKey: 'coderbyte-key-7777' });
    expect(connection.webhooks[0]?.secrets).toMatchObject([{ lastFour: '7777' }]);
    expect((await refusal('POST', `/api/webhooks/${connection.webhooks[0]?.id}/secrets`, {})).code).toBe('invalid');
    const endpoint = await findWebhookEndpoint(services.db, connection.webhooks[0]?.id ?? '');
    const row = await findConnection(services.db, connection.id);
    expect(endpoint && row && openWebhookSecrets(services.sealer, endpoint, row).secrets).toEqual(['coderbyte-key-7777']);
  });

  it('of a link vendor get a secret as Standard Webhooks wants it', async () => {
    const { connect, read } = at.current();
    const { webhooks } = await connect({ kind: 'byteboard' });
    const { secret } = await read(addedSchema, 'POST', `/api/webhooks/${webhooks[0]?.id}/secrets`, {});
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  });

  it('lose no secret when two admins add one at the same moment', async () => {
    const { connect, call, read } = at.current();
    const connection = await connect({ kind: 'greenhouse' });
    const path = `/api/webhooks/${connection.webhooks[0]?.id}/secrets`;
    await Promise.all([1, 2, 3, 4].map(() => call('POST', path, {})));
    const { webhooks } = await read(connectionViewSchema, 'GET', `/api/connections/${connection.id}`);
    expect(webhooks[0]?.secrets).toHaveLength(4);
  });

  it('say in a sentence why the last request was refused', async () => {
    const { connect, read, services } = at.current();
    const { id, webhooks } = await connect({ kind: 'lever' });
    await services.db
      .update(webhookEndpoints)
      .set({ lastRefusedAt: services.clock.now(), lastRefusedBecause: 'signature-wrong' })
      .where(eq(webhookEndpoints.id, webhooks[0]?.id ?? ''));
    const [webhook] = (await read(connectionViewSchema, 'GET', `/api/connections/${id}`)).webhooks;
    expect(webhook?.lastRefusedBecause).toContain('signed with another secret');
  });
});
