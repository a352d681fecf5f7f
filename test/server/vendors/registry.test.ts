import { describe, expect, it } from 'vitest';
import { connectionSettingsSchema, SECRET_NAMES } from '../../../lib/contract/settings.ts';
import { VENDOR_KINDS } from '../../../lib/domain/assessment.ts';
import { createVendorAdapter, VENDOR_WEBHOOKS } from '../../../server/vendors/registry.ts';
import { createFakeHttp } from '../../support/fake-http.ts';

const MAP = {
  baseUrl: 'https://api.vendor.example:8443/v2',
  endpoints: { list: { method: 'GET', path: '/tests' } },
};

function connect(settings: object, secrets: Record<string, string>) {
  const hosts: string[] = [];
  const adapter = createVendorAdapter(
    { id: 'connection-1', settings: connectionSettingsSchema.parse(settings), secrets },
    {
      httpTo: (named) => {
        hosts.push(...named);
        return createFakeHttp({});
      },
      clock: { now: () => new Date('2026-11-21T12:00:00Z') },
    },
  );
  return { adapter, hosts };
}

describe.each(VENDOR_KINDS)('a connection to %s', (kind) => {
  it('gets its adapter, and webhooks of the same kind', () => {
    const secrets = Object.fromEntries(SECRET_NAMES[kind].map((name) => [name, 'x']));
    expect(connect({ kind }, secrets).adapter).toMatchObject({ ok: true, value: { kind } });
    expect(VENDOR_WEBHOOKS[kind].kind).toBe(kind);
  });

  it('names every event once and says what happens without it', () => {
    const { events } = VENDOR_WEBHOOKS[kind];
    expect(events.length).toBeGreaterThan(0);
    expect(new Set(events.map((event) => event.name)).size).toBe(events.length);
    expect(events.every((event) => event.purpose.startsWith('Without it'))).toBe(true);
  });
});

describe('a connection to Coderbyte', () => {
  it('shows its key to the host of its map only', () => {
    expect(connect({ kind: 'coderbyte', map: MAP }, { apiKey: 'x' }).hosts).toEqual(['api.vendor.example:8443']);
    expect(connect({ kind: 'coderbyte' }, { apiKey: 'x' }).hosts).toEqual([]);
  });

  it('sends links without a key, but calls no API without one', () => {
    expect(connect({ kind: 'coderbyte' }, {}).adapter).toMatchObject({ ok: true });
    expect(connect({ kind: 'coderbyte', map: MAP }, {}).adapter).toMatchObject({ ok: false, kind: 'misconfigured' });
    expect(connect({ kind: 'coderbyte', map: MAP }, { apiKey: '' }).adapter).toMatchObject({ ok: false, kind: 'misconfigured' });
  });
});

it('a connection to an applicant tracking system has no vendor adapter', () => {
  expect(connect({ kind: 'lever' }, { apiKey: 'x' }).adapter).toMatchObject({ ok: false, kind: 'misconfigured' });
});
