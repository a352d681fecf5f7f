import { describe, expect, test } from 'vitest';
import { type ConnectionSettings, greenhouseSettingsSchema, leverSettingsSchema } from '../../../lib/contract/settings.ts';
import { NOTHING_KEPT } from '../../../server/ats/kept-names.ts';
import { createAtsDoctor } from '../../../server/ats/registry.ts';
import { UNLIMITED } from '../../../server/outbound/rate-limiter.ts';
import { createGreenhouseSimulator } from '../../simulators/greenhouse/greenhouse-simulator.ts';
import { createLeverSimulator } from '../../simulators/lever/index.ts';
import { createMemoryTokenStore } from '../../support/memory-token-store.ts';
import { useServed } from '../../support/served-simulator.ts';

const serve = useServed();
const QUESTION = { uses: new Set<never>(), testApplicationId: null, knownApplicationId: null };

async function doctorOf(
  api: Parameters<typeof serve>[0],
  settingsAt: (url: string) => ConnectionSettings,
  secrets: Record<string, string>,
) {
  const { url, http } = await serve(api);
  const left = { kind: 'bucket', perSecond: 10, burst: 8, remaining: 5, pausedForMs: 0 } as const;
  return createAtsDoctor(
    { id: 'connection-1', settings: settingsAt(url), secrets },
    {
      httpTo: () => http,
      limiterFor: () => ({ ...UNLIMITED, left: async () => left }),
      clock: { now: () => new Date(Date.now() - 3_600_000) },
      tokens: createMemoryTokenStore(),
      keptNames: NOTHING_KEPT,
    },
  );
}

describe('the doctor of a stored connection', () => {
  const greenhouse = createGreenhouseSimulator({ settings: { rateLimit: 1000 } });
  const lever = createLeverSimulator({ settings: { rateLimit: null } });
  const v3 = (url: string) => greenhouseSettingsSchema.parse({ kind: 'greenhouse', apiUrl: url, authUrl: url });
  const v1 = (url: string) => greenhouseSettingsSchema.parse({ kind: 'greenhouse', api: 'v1', apiUrl: url, serviceUserId: '7' });
  const key = (url: string) => leverSettingsSchema.parse({ kind: 'lever', apiUrl: `${url}/v1` });

  test.each([
    ['Greenhouse v3', () => doctorOf(greenhouse.api, v3, greenhouse.credential), 'harvest:applications:list'],
    [
      'Greenhouse v1',
      () => doctorOf(greenhouse.api, v1, { apiKey: greenhouse.v1Keys.create().key }),
      'Applications: Get: List Applications',
    ],
    [
      'Lever',
      () => doctorOf(lever.api, key, { apiKey: lever.play.createKey({ label: 'x' }).secret }),
      'Opportunities: Read (Retrieve a single opportunity)',
    ],
  ])('%s: its rights by their names, the allowance, and a clock that is an hour behind', async (_, make, name) => {
    const doctor = await make();
    if (!doctor.ok) throw new Error(doctor.detail);
    const { rights, trouble, clockAheadMs, allowance } = await doctor.value.examine(QUESTION);
    expect(trouble).toBeNull();
    expect(rights).toContainEqual(expect.objectContaining({ name, state: 'granted' }));
    expect(Math.round((clockAheadMs ?? 0) / 60_000)).toBe(60);
    expect(allowance).toMatchObject({ remaining: 5 });
  });

  test('a consent that nobody has given: that is the trouble, and the scopes that are wanted are listed', async () => {
    const oauth = (url: string) => leverSettingsSchema.parse({ kind: 'lever', auth: 'oauth', apiUrl: `${url}/v1` });
    const doctor = await doctorOf(lever.api, oauth, { clientId: 'a', clientSecret: 'b' });
    if (!doctor.ok) throw new Error(doctor.detail);
    const { trouble, rights } = await doctor.value.examine(QUESTION);
    expect(trouble).toMatchObject({ kind: 'misconfigured' });
    expect(rights).toContainEqual(expect.objectContaining({ name: 'notes:write:admin', state: 'unknown' }));
  });

  test.each([
    ['Greenhouse v3', v3],
    ['Greenhouse v1', v1],
    ['Lever', key],
  ])('%s without its secrets is refused before anything is asked', async (_, settings) => {
    expect(await doctorOf(lever.api, settings, {})).toMatchObject({ ok: false, kind: 'misconfigured' });
  });
});
