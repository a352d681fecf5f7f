import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { openWebhookSecrets } from '../../../server/storage/connection-secrets.ts';
import { webhookEndpoints } from '../../../server/storage/schema.ts';
import { findResultAddress } from '../../../server/webhooks/result-address.ts';
import { useSetUp } from '../../support/admin-set-up.ts';

const HACKERRANK = { kind: 'hackerrank' };
const KEY = { apiKey: 'key-0000-1111' };

describe('the address for results', () => {
  const at = useSetUp({ environment: { PUBLIC_URL: 'https://tagalong.example/' } });
  const setUp = async () => {
    const { connect, services, call } = at.current();
    const { id: connectionId, webhooks } = await connect(HACKERRANK, KEY);
    const find = (event = 'result') => findResultAddress(services, { connectionId, event });
    const endpoint = async () => {
      const [row] = await services.db.select().from(webhookEndpoints).where(eq(webhookEndpoints.connectionId, connectionId));
      if (!row) throw new Error('no address');
      return row;
    };
    return { find, endpoint, services, webhooks, call };
  };

  it('is that of the connection, with a secret that is made once, also by many at the same moment', async () => {
    const { find, endpoint, services, webhooks } = await setUp();
    const found = await Promise.all(Array.from({ length: 5 }, () => find()));
    expect(new Set(found.map((one) => JSON.stringify(one))).size).toBe(1);
    const row = await endpoint();
    const live = openWebhookSecrets(services.sealer, row, { id: '', kind: 'hackerrank', secrets: {} }).secrets;
    expect(found[0]).toEqual({ url: webhooks[0]?.url, secret: live[0] });
    expect(live).toHaveLength(1);
    expect(live[0]?.length).toBeGreaterThan(30);
    expect(JSON.stringify(row)).not.toContain(live[0]);
  });

  it('goes with the newest secret, while older ones still count', async () => {
    const { find, endpoint, call, services, webhooks } = await setUp();
    const first = await find();
    const path = `/api/webhooks/${webhooks[0]?.id}/secrets`;
    expect((await call('POST', path, {})).status).toBe(200);
    const second = await find();
    expect(second?.secret).not.toBe(first?.secret);
    const live = openWebhookSecrets(services.sealer, await endpoint(), { id: '', kind: 'hackerrank', secrets: {} });
    expect(live.secrets).toEqual([second?.secret, first?.secret]);
    expect((await call('POST', path, { secret: 'one of an admin’s own choice' })).status).toBe(400);
  });

  it('is none for an event that there is not', async () => {
    expect(await (await setUp()).find('interview')).toBeNull();
  });

  it('needs nothing of an admin: no trouble, and nothing to paste', async () => {
    const { connect } = at.current();
    expect(await connect(HACKERRANK, KEY)).toMatchObject({
      state: 'ready',
      troubles: [],
      webhooks: [{ event: 'result', secretFrom: 'sent', required: false }],
    });
  });
});

describe('without a public address', () => {
  const at = useSetUp({});
  it('there is none, so that no invitation names one', async () => {
    const { connect, services } = at.current();
    const { id: connectionId } = await connect(HACKERRANK, KEY);
    const unreachable = { ...services, config: { ...services.config, publicUrl: null } };
    expect(await findResultAddress(unreachable, { connectionId, event: 'result' })).toBeNull();
  });
});

describe('the address of HackerRank’s API', () => {
  const at = useSetUp({ environment: { TEST_HOSTS: 'localhost:4010' } });
  it.each(['https://evil.example/x/api/v3', 'https://hackerrank.com.evil.example', 'http://www.hackerrank.com/x/api/v3'])(
    'is HackerRank’s own: not %s',
    async (apiUrl) => {
      const settings = { ...HACKERRANK, apiUrl };
      const refused = await at.current().refusal('POST', '/api/connections', { name: 'Ours', settings, secrets: KEY });
      expect(refused).toMatchObject({ code: 'host-not-allowed', details: [{ path: 'settings.apiUrl' }] });
    },
  );

  it('may be another where whoever runs the server listed it', async () => {
    const { connect } = at.current();
    const settings = { ...HACKERRANK, apiUrl: 'http://localhost:4010/x/api/v3' };
    expect(await connect(settings, KEY)).toMatchObject({ kind: 'hackerrank' });
  });
});
