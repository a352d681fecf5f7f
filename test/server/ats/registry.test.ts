import { describe, expect, it } from 'vitest';
import { connectionSettingsSchema, SECRET_NAMES } from '../../../lib/contract/settings.ts';
import { ATS_KINDS } from '../../../lib/domain/ats.ts';
import { ATS_WEBHOOKS, createAtsAdapter } from '../../../server/ats/registry.ts';
import { createFakeHttp } from '../../support/fake-http.ts';
import { createMemoryTokenStore } from '../../support/memory-token-store.ts';

const connect = (kind: string, secrets: Record<string, string>) => connectWith({ kind }, secrets);

function connectWith(settings: object, secrets: Record<string, string>) {
  const hosts: string[] = [];
  const adapter = createAtsAdapter(
    { id: 'connection-1', settings: connectionSettingsSchema.parse(settings), secrets },
    {
      httpTo: (named) => {
        hosts.push(...named);
        return createFakeHttp({});
      },
      clock: { now: () => new Date('2026-11-21T12:00:00Z') },
      tokens: createMemoryTokenStore(),
    },
  );
  return { adapter, hosts };
}

const allSecrets = (kind: keyof typeof SECRET_NAMES) => Object.fromEntries(SECRET_NAMES[kind].map((name) => [name, 'x']));

describe.each(ATS_KINDS)('a connection to %s', (kind) => {
  it('gets its adapter, and webhooks of the same kind', () => {
    expect(connect(kind, allSecrets(kind)).adapter).toMatchObject({ ok: true, value: { kind } });
    expect(ATS_WEBHOOKS[kind].kind).toBe(kind);
  });

  it('shows its credential to hosts of that ATS only', () => {
    const { hosts } = connect(kind, allSecrets(kind));
    expect(hosts.length).toBeGreaterThan(0);
    expect(hosts.every((host) => host.endsWith(kind === 'lever' ? '.lever.co' : '.greenhouse.io'))).toBe(true);
  });

  it.each(SECRET_NAMES[kind])('is misconfigured without the %s', (missing) => {
    const secrets = { ...allSecrets(kind), [missing]: '' };
    expect(connect(kind, secrets).adapter).toMatchObject({ ok: false, kind: 'misconfigured' });
  });

  it('names every event once and says what happens without it', () => {
    const { events } = ATS_WEBHOOKS[kind];
    expect(new Set(events.map((event) => event.name)).size).toBe(events.length);
    expect(events.some((event) => event.required)).toBe(true);
    expect(events.every((event) => event.purpose.startsWith('Without it'))).toBe(true);
  });
});

describe('a connection to Greenhouse through Harvest v1', () => {
  const v1 = { kind: 'greenhouse', api: 'v1', apiUrl: 'https://gateway.example/gh', serviceUserId: '4711' };

  it('shows its key to the gateway that the admin named and to nobody else', () => {
    const { adapter, hosts } = connectWith(v1, { apiKey: 'x' });
    expect(adapter).toMatchObject({ ok: true, value: { kind: 'greenhouse' } });
    expect(hosts).toEqual(['gateway.example']);
  });

  it.each([
    ['key', v1, {}],
    ['acting user', { ...v1, serviceUserId: '' }, { apiKey: 'x' }],
  ])('is misconfigured without the %s', (_what, settings, secrets) => {
    expect(connectWith(settings, secrets).adapter).toMatchObject({ ok: false, kind: 'misconfigured' });
  });
});

it('a connection to an assessment vendor has no ATS adapter', () => {
  expect(connect('byteboard', {}).adapter).toMatchObject({ ok: false, kind: 'misconfigured' });
});
