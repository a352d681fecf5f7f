import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { connectionViewSchema } from '../../../lib/contract/settings.ts';
import { addHookRoutes } from '../../../server/http/hooks.routes.ts';
import { openWebhookSecrets } from '../../../server/storage/connection-secrets.ts';
import { coderbyteWebhooks } from '../../../server/vendors/coderbyte/index.ts';
import { createAccept } from '../../../server/webhooks/accept.ts';
import { useSetUp } from '../../support/admin-set-up.ts';
import { readFixture } from '../../support/read-fixture.ts';

const [OLD, NEW, NEWEST] = ['old-key-0123456789-aaaa', 'new-key-0123456789-bbbb', 'newest-key-0123456789-cccc'];
const DAY_MS = 24 * 3_600_000;

describe('a new API key where the key signs the webhooks', () => {
  const at = useSetUp({
    extra: (app, services, pool) =>
      addHookRoutes(app, {
        publicUrl: null,
        accept: createAccept({
          ...{ services, pool },
          receiverOf: () => coderbyteWebhooks,
          openSecrets: (endpoint, connection) => openWebhookSecrets(services.sealer, endpoint, connection),
          wakeRelay: () => undefined,
        }),
      }),
  });
  const organizationId = 'northwindengineering';
  /** Each delivery tells of somebody else, so that none is a repeat. */
  let people = 0;

  async function rotating() {
    const { connect, read, server, call } = at.current();
    const made = await connect({ kind: 'coderbyte', organizationId }, { apiKey: OLD });
    const [webhook] = made.webhooks;
    if (!webhook) throw new Error('no webhook');
    const body = await readFixture('coderbyte/webhook-assessment-completed');
    const deliver = async (key: string) => {
      people += 1;
      const signed = [{ alg: 'HS256' }, { iss: organizationId }]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.');
      const token = `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
      const answer = await server.call('POST', webhook.path, {
        headers: { authorization: `Bearer ${token}` },
        body: { ...body, email: `person${people}@example.com` },
      });
      return answer.status;
    };
    const rotate = (apiKey: string) =>
      read(connectionViewSchema, 'PATCH', `/api/connections/${made.id}`, { secrets: { apiKey } });
    const view = () => read(connectionViewSchema, 'GET', `/api/connections/${made.id}`);
    return { deliver, rotate, view, call, webhook, pass: server.clock.advance };
  }

  it('accepts the old one for a week more, also once the new one is in use, and says so', async () => {
    const { deliver, rotate, pass } = await rotating();
    expect(await deliver(OLD)).toBe(200);
    expect(await deliver(NEW)).toBe(401);
    const { webhooks } = await rotate(NEW);
    expect(webhooks[0]).toMatchObject({ secrets: [{ lastFour: 'bbbb' }], previous: [{ lastFour: 'aaaa' }] });
    expect(await deliver(NEW)).toBe(200);
    pass(6 * DAY_MS);
    expect(await deliver(OLD)).toBe(200);
    expect(await deliver('somebody else’s key, long enough')).toBe(401);
    pass(DAY_MS + 1);
    expect(await deliver(OLD)).toBe(401);
    expect(await deliver(NEW)).toBe(200);
  });

  it('keeps each earlier one for its own week', async () => {
    const { deliver, rotate, pass } = await rotating();
    await rotate(NEW);
    pass(4 * DAY_MS);
    await rotate(NEWEST);
    pass(4 * DAY_MS);
    expect([await deliver(OLD), await deliver(NEW), await deliver(NEWEST)]).toEqual([401, 200, 200]);
  });

  it('ends at once when an admin says so', async () => {
    const { deliver, rotate, call, webhook } = await rotating();
    const { webhooks } = await rotate(NEW);
    const [previous] = webhooks[0]?.previous ?? [];
    await call('DELETE', `/api/webhooks/${webhook.id}/secrets/${previous?.id}`);
    expect(await deliver(OLD)).toBe(401);
  });

  it('that is the same key keeps nothing', async () => {
    const { rotate } = await rotating();
    expect((await rotate(OLD)).webhooks[0]?.previous).toEqual([]);
  });
});
