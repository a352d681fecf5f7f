import { describe, expect, it } from 'vitest';
import { connectionSettingsSchema, outcomeChoicesOf, SECRET_NAMES } from '../../../lib/contract/settings.ts';
import { VENDOR_KINDS, type VendorKind } from '../../../lib/domain/assessment.ts';
import { UNLIMITED } from '../../../server/outbound/rate-limiter.ts';
import { createVendorAdapter, VENDOR_WEBHOOKS } from '../../../server/vendors/registry.ts';
import { createFakeHttp } from '../../support/fake-http.ts';

const MAP = {
  baseUrl: 'https://api.vendor.example:8443/v2',
  endpoints: { list: { method: 'GET', path: '/tests' } },
};

/** What must be known to call it at all. */
const LEAST: Partial<Record<VendorKind, object>> = { partner: { baseUrl: 'https://tests.vendor.example:8443/api' } };

function connect(settings: object, secrets: Record<string, string>) {
  const hosts: string[] = [];
  const adapter = createVendorAdapter(
    { id: 'connection-1', settings: connectionSettingsSchema.parse(settings), secrets },
    {
      httpTo: (named) => {
        hosts.push(...named);
        return createFakeHttp({});
      },
      limiterFor: () => UNLIMITED,
      clock: { now: () => new Date('2026-11-21T12:00:00Z') },
    },
  );
  return { adapter, hosts };
}

describe.each(VENDOR_KINDS)('a connection to %s', (kind) => {
  it('gets its adapter, and webhooks of the same kind', () => {
    const secrets = Object.fromEntries(SECRET_NAMES[kind].map((name) => [name, 'x']));
    expect(connect({ kind, ...LEAST[kind] }, secrets).adapter).toMatchObject({ ok: true, value: { kind } });
    expect(VENDOR_WEBHOOKS[kind].kind).toBe(kind);
  });

  it('offers words for outcomes just where the vendor takes any', () => {
    const secrets = Object.fromEntries(SECRET_NAMES[kind].map((name) => [name, 'x']));
    const { adapter } = connect({ kind, ...LEAST[kind] }, secrets);
    const choices = outcomeChoicesOf(connectionSettingsSchema.parse({ kind, ...LEAST[kind] }));
    expect(adapter.ok && adapter.value.operations.tellOutcome !== undefined).toBe(choices !== null);
  });

  it('names every event once and says what happens without it', () => {
    const { events } = VENDOR_WEBHOOKS[kind];
    if (kind !== 'partner') expect(events.length).toBeGreaterThan(0);
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

describe('a connection to a service of the partner protocol', () => {
  const settings = { kind: 'partner', ...LEAST.partner };

  it('shows its key to the host of its address only', () => {
    expect(connect(settings, { apiKey: 'x' }).hosts).toEqual(['tests.vendor.example:8443']);
  });

  it('calls nothing without an address or a key, and says what is missing', () => {
    const missing = (detail: string) => ({ ok: false, kind: 'misconfigured', detail });
    expect(connect({ kind: 'partner' }, { apiKey: 'x' }).adapter).toEqual(
      missing('The address of Assessment partner is missing'),
    );
    const adaface = { ...settings, preset: 'adaface' };
    expect(connect(adaface, {}).adapter).toEqual(missing('The API key of Adaface is missing'));
  });
});

describe('a connection to HackerRank', () => {
  it('shows its key to HackerRank only, and calls nothing without one', () => {
    expect(connect({ kind: 'hackerrank' }, { apiKey: 'x' }).hosts).toEqual(['www.hackerrank.com']);
    const missing = { ok: false, kind: 'misconfigured', detail: 'The API key of HackerRank is missing' };
    expect(connect({ kind: 'hackerrank' }, {}).adapter).toEqual(missing);
  });
});

it('a connection to an applicant tracking system has no vendor adapter', () => {
  expect(connect({ kind: 'lever' }, { apiKey: 'x' }).adapter).toMatchObject({ ok: false, kind: 'misconfigured' });
});

describe('a connection to CodeSignal', () => {
  it('shows its key to CodeSignal alone, and needs one', () => {
    expect(connect({ kind: 'codesignal' }, { apiKey: 'x' }).hosts).toEqual(['app.codesignal.com']);
    expect(connect({ kind: 'codesignal' }, {}).adapter).toMatchObject({ ok: false, kind: 'misconfigured' });
  });
});
