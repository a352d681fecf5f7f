import { describe, expect, test } from 'vitest';
import { greenhouseSettingsSchema } from '../../../../lib/contract/settings.ts';
import type { AtsUse } from '../../../../server/ats/doctor.ts';
import { createGreenhouseExaminer } from '../../../../server/ats/greenhouse/examine-access.ts';
import { GREENHOUSE_RIGHTS } from '../../../../server/ats/greenhouse/rights.ts';
import { UNLIMITED } from '../../../../server/outbound/rate-limiter.ts';
import { ALL_SCOPES } from '../../../simulators/greenhouse/acts/credentials.ts';
import { createGreenhouseSimulator } from '../../../simulators/greenhouse/greenhouse-simulator.ts';
import { createMemoryTokenStore } from '../../../support/memory-token-store.ts';
import { useServed } from '../../../support/served-simulator.ts';

const serve = useServed();
const EVERYTHING: AtsUse[] = ['attribution', 'fields', 'report-file'];
const NEEDED = GREENHOUSE_RIGHTS.filter(({ need }) => need === 'always' || need.for.length > 0).map(({ name }) => name);

/** What a recruiter's menu alone calls: nothing is amiss without it, and then the menu does not offer it. */
const BY_CLICK = ['applications:hire', 'applications:reject', 'applications:unreject', 'openings:list'].map(
  (name) => `harvest:${name}`,
);

async function arrive() {
  const greenhouse = createGreenhouseSimulator({ settings: { rateLimit: 100_000, tokenRateLimit: 100_000 } });
  greenhouse.seed();
  const { url, http } = await serve(greenhouse.api);
  const settings = greenhouseSettingsSchema.parse({ kind: 'greenhouse', apiUrl: url, authUrl: url });
  const tokens = createMemoryTokenStore();
  const make = (secret = greenhouse.credential.clientSecret) =>
    createGreenhouseExaminer({
      http,
      limiter: UNLIMITED,
      settings,
      tokens,
      clientId: greenhouse.credential.clientId,
      clientSecret: secret,
      clock: { now: () => new Date() },
      connectionId: 'connection-1',
    });
  const examine = (uses = EVERYTHING, examiner = make()) =>
    examiner.examine({ uses: new Set(uses), testApplicationId: null, knownApplicationId: null });
  return { greenhouse, make, examine };
}

const named = (rights: { name: string; state: string }[], state: string) =>
  rights
    .filter((right) => right.state === state)
    .map(({ name }) => name)
    .sort();

describe('the rights of a Harvest v3 credential', () => {
  test('with all scopes and everything switched on: all granted, and what nothing of ours calls can be removed', async () => {
    const { examine, greenhouse } = await arrive();
    const { rights, trouble, actingUser, expiries } = await examine();
    expect(trouble).toBeNull();
    expect(named(rights, 'missing')).toEqual([]);
    expect(named(rights, 'unknown')).toEqual([]);
    expect(named(rights, 'granted')).toEqual([...NEEDED, ...BY_CLICK].sort());
    expect(named(rights, 'unneeded')).toContain('harvest:job_posts:list');
    expect(actingUser?.seesAll).toBe('yes');
    expect(Date.parse(expiries[0]?.at ?? '')).toBeGreaterThan(Date.now());
    const writes = greenhouse.journal
      .list()
      .filter(({ kind, what }) => kind === 'api' && / \/v3/.test(what) && !/^GET /.test(what));
    expect(writes).toEqual([]);
  });

  test.each(NEEDED)('without %s: that one is named, and no other', async (scope) => {
    const { greenhouse, examine } = await arrive();
    greenhouse.changeCredential({ scopes: ALL_SCOPES.filter((other) => other !== scope) });
    const { rights } = await examine();
    expect(named(rights, 'missing')).toEqual([scope]);
    expect(rights.find(({ name }) => name === scope)?.needed).toBe(true);
  });

  test('a box that was ticked a moment ago is seen, though the kept token is older', async () => {
    const { greenhouse, examine } = await arrive();
    greenhouse.changeCredential({ scopes: ['harvest:applications:list'] });
    expect(named((await examine()).rights, 'granted')).toEqual(['harvest:applications:list']);
    greenhouse.changeCredential({ scopes: ALL_SCOPES });
    expect(named((await examine()).rights, 'missing')).toEqual([]);
  });

  test('what is switched off is not needed: granted it can be removed, missing it is not called needed', async () => {
    const { greenhouse, examine } = await arrive();
    expect(named((await examine([])).rights, 'unneeded')).toContain('harvest:attachments:create');
    greenhouse.changeCredential({ scopes: ALL_SCOPES.filter((scope) => scope !== 'harvest:attachments:create') });
    const { rights } = await examine([]);
    expect(rights.find(({ name }) => name === 'harvest:attachments:create')).toMatchObject({ state: 'missing', needed: false });
  });

  test('scopes that we know nothing of are named as not needed', async () => {
    const { greenhouse, examine } = await arrive();
    greenhouse.changeCredential({ scopes: [...ALL_SCOPES, 'harvest:candidates:destroy', 'harvest:offers:list'] });
    const unneeded = named((await examine()).rights, 'unneeded');
    expect(unneeded).toEqual(expect.arrayContaining(['harvest:candidates:destroy', 'harvest:offers:list']));
  });

  test('an acting user who is no Site Admin: that is said, and no scope is called missing', async () => {
    const { greenhouse, examine } = await arrive();
    greenhouse.changeCredential({ siteAdmin: false });
    const { rights, actingUser } = await examine();
    expect(actingUser?.seesAll).toBe('no');
    expect(named(rights, 'missing')).toEqual([]);
  });

  test('a refused credential: the trouble is told, and every right is unknown', async () => {
    const { examine, make } = await arrive();
    const { trouble, rights } = await examine(EVERYTHING, make('another secret'));
    expect(trouble).toMatchObject({ kind: 'unauthorised' });
    expect(new Set(rights.map(({ state }) => state))).toEqual(new Set(['unknown']));
  });

  test('without introspection the reads are judged by their calls, and writes stay unknown', async () => {
    const { greenhouse, examine } = await arrive();
    const blind = () => greenhouse.failNext({ method: 'POST', path: '^/introspect', kind: 'html', status: 200 });
    blind();
    const { rights } = await examine();
    expect(named(rights, 'missing')).toEqual([]);
    expect(named(rights, 'unknown')).toEqual(
      NEEDED.filter((name) => !name.endsWith(':list'))
        .concat('harvest:applications:hire', 'harvest:applications:reject', 'harvest:applications:unreject')
        .sort(),
    );
    greenhouse.changeCredential({ scopes: ALL_SCOPES.filter((scope) => scope !== 'harvest:notes:list') });
    blind();
    expect(named((await examine()).rights, 'missing')).toEqual(['harvest:notes:list']);
  });

  test('web pages instead of lists: nothing is called missing', async () => {
    const { greenhouse, examine } = await arrive();
    greenhouse.failNext({ method: 'GET', path: '^/v3/', kind: 'html', status: 200, times: 1000 });
    const { rights, trouble } = await examine();
    expect(trouble).toBeNull();
    expect(named(rights, 'missing')).toEqual([]);
  });
});
