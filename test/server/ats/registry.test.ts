import { describe, expect, it } from 'vitest';
import { type ConnectionSettings, connectionSettingsSchema, neededSecrets } from '../../../lib/contract/settings.ts';
import { ATS_KINDS } from '../../../lib/domain/ats.ts';
import { NOTHING_KEPT } from '../../../server/ats/kept-names.ts';
import { ATS_WEBHOOKS, createAtsAdapter } from '../../../server/ats/registry.ts';
import { UNLIMITED } from '../../../server/outbound/rate-limiter.ts';
import { createFakeHttp } from '../../support/fake-http.ts';
import { createMemoryTokenStore } from '../../support/memory-token-store.ts';

const WAYS = [
  { kind: 'greenhouse', way: 'Greenhouse', settings: { kind: 'greenhouse' } },
  { kind: 'lever', way: 'Lever by key', settings: { kind: 'lever' } },
  { kind: 'lever', way: 'Lever by OAuth', settings: { kind: 'lever', auth: 'oauth' } },
].map(({ settings, ...rest }) => ({ ...rest, settings: connectionSettingsSchema.parse(settings) }));

function connect(settings: ConnectionSettings, secrets: Record<string, string>) {
  const hosts: string[] = [];
  const adapter = createAtsAdapter(
    { id: 'connection-1', settings, secrets },
    {
      httpTo: (named) => {
        hosts.push(...named);
        return createFakeHttp({});
      },
      limiterFor: () => UNLIMITED,
      clock: { now: () => new Date('2026-11-21T12:00:00Z') },
      tokens: createMemoryTokenStore(),
      keptNames: NOTHING_KEPT,
    },
  );
  return { adapter, hosts };
}

const allSecrets = (settings: ConnectionSettings) => Object.fromEntries(neededSecrets(settings).map((name) => [name, 'x']));

describe.each(WAYS)('a connection to $way', ({ kind, settings }) => {
  it('gets its adapter', () => {
    expect(connect(settings, allSecrets(settings)).adapter).toMatchObject({ ok: true, value: { kind } });
  });

  it('shows its credential to hosts of that ATS only', () => {
    const { hosts } = connect(settings, allSecrets(settings));
    expect(hosts.length).toBeGreaterThan(0);
    const own = kind === 'lever' ? /\.lever\.co$|^sandbox-lever\.auth0\.com$/ : /\.greenhouse\.io$/;
    expect(hosts.filter((host) => !own.test(host))).toEqual([]);
  });

  it.each(neededSecrets(settings))('is misconfigured without the %s', (missing) => {
    const secrets = { ...allSecrets(settings), [missing]: '' };
    expect(connect(settings, secrets).adapter).toMatchObject({ ok: false, kind: 'misconfigured' });
  });
});

describe.each(ATS_KINDS)('the webhooks of %s', (kind) => {
  it('are of that kind, each event named once with what happens without it', () => {
    expect(ATS_WEBHOOKS[kind].kind).toBe(kind);
    const { events } = ATS_WEBHOOKS[kind];
    expect(new Set(events.map((event) => event.name)).size).toBe(events.length);
    expect(events.some((event) => event.required)).toBe(true);
    expect(events.every((event) => event.purpose.startsWith('Without it'))).toBe(true);
  });
});

describe('a connection to Greenhouse through Harvest v1', () => {
  const v1 = { kind: 'greenhouse', api: 'v1', apiUrl: 'https://gateway.example/gh', serviceUserId: '4711' };

  it('shows its key to the gateway that the admin named and to nobody else', () => {
    const { adapter, hosts } = connect(connectionSettingsSchema.parse(v1), { apiKey: 'x' });
    expect(adapter).toMatchObject({ ok: true, value: { kind: 'greenhouse' } });
    expect(hosts).toEqual(['gateway.example']);
  });

  it.each([
    ['key', v1, {}],
    ['acting user', { ...v1, serviceUserId: '' }, { apiKey: 'x' }],
  ])('is misconfigured without the %s', (_what, settings, secrets) => {
    expect(connect(connectionSettingsSchema.parse(settings), secrets).adapter).toMatchObject({
      ok: false,
      kind: 'misconfigured',
    });
  });
});

it('a connection to an assessment vendor has no ATS adapter', () => {
  expect(connect(connectionSettingsSchema.parse({ kind: 'byteboard' }), {}).adapter).toMatchObject({
    ok: false,
    kind: 'misconfigured',
  });
});
