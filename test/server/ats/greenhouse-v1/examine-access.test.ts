import { describe, expect, test } from 'vitest';
import { greenhouseSettingsSchema } from '../../../../lib/contract/settings.ts';
import type { AtsUse } from '../../../../server/ats/doctor.ts';
import { createGreenhouseV1Examiner } from '../../../../server/ats/greenhouse-v1/examine-access.ts';
import { V1_RIGHTS as TABLE } from '../../../../server/ats/greenhouse-v1/rights.ts';
import { UNLIMITED } from '../../../../server/outbound/rate-limiter.ts';
import { createGreenhouseSimulator } from '../../../simulators/greenhouse/greenhouse-simulator.ts';
import { V1_RIGHTS, type V1Right } from '../../../simulators/greenhouse/v1/keys.ts';
import { useServed } from '../../../support/served-simulator.ts';

const serve = useServed();
const USERS = 'Users: Get: List Users' as V1Right;
const ALL = [...new Set([...V1_RIGHTS, USERS])];
const EVERYTHING: AtsUse[] = ['attribution', 'fields', 'report-file'];

async function arrive(rights: readonly V1Right[] = ALL) {
  const greenhouse = createGreenhouseSimulator({ settings: { rateLimit: 100_000 } });
  const seeds = greenhouse.seed();
  const key = greenhouse.v1Keys.create(rights).key;
  const { url, http } = await serve(greenhouse.api);
  const acting = greenhouse.createUser({ firstName: 'Rosa', lastName: 'Lindqvist', email: 'rosa@example.com' });
  const settings = greenhouseSettingsSchema.parse({ kind: 'greenhouse', api: 'v1', apiUrl: url, serviceUserId: `${acting.id}` });
  const application = greenhouse.world.applications.list(({ jobId, status }) => jobId !== null && status === 'in_process')[0];
  const testApplicationId = `${application?.id}`;
  const examine = ({ uses = EVERYTHING, test = false, apiKey = key } = {}) =>
    createGreenhouseV1Examiner({
      http,
      limiter: UNLIMITED,
      settings,
      apiKey,
      clock: { now: () => new Date() },
      connectionId: 'connection-1',
    }).examine({ uses: new Set(uses), testApplicationId: test ? testApplicationId : null, knownApplicationId: null });
  return { greenhouse, seeds, examine };
}

const named = (rights: { name: string; state: string }[], state: string) =>
  rights.filter((right) => right.state === state).map(({ name }) => name);
const WRITES = TABLE.filter(({ call }) => !call.startsWith('GET')).map(({ name }) => name);

describe('the rights of a Harvest v1 key', () => {
  test('reads are proved by reading, writes stay unknown without a test candidate, and nothing is written', async () => {
    const { greenhouse, examine } = await arrive();
    const { rights, trouble, trial } = await examine();
    expect(trouble).toBeNull();
    expect(trial).toEqual({ state: 'not-asked' });
    expect(named(rights, 'missing')).toEqual([]);
    expect(named(rights, 'unknown')).toEqual(WRITES);
    expect(greenhouse.journal.list().filter(({ what }) => /^(POST|PATCH|PUT|DELETE) \/v1/.test(what))).toEqual([]);
  });

  test('with a test candidate the writes are known too, and nothing is left on it', async () => {
    const { greenhouse, examine } = await arrive();
    const before = [greenhouse.world.notes.list().length, JSON.stringify(greenhouse.world.applications.list())];
    const { rights, trial } = await examine({ test: true });
    expect(trial).toEqual({ state: 'done', left: [] });
    expect(named(rights, 'unknown')).toEqual([]);
    expect(named(rights, 'missing')).toEqual([]);
    expect([greenhouse.world.notes.list().length, JSON.stringify(greenhouse.world.applications.list())]).toEqual(before);
  });

  test.each(TABLE.map(({ name }) => name))('without "%s": that one is named, and no other', async (right) => {
    const { examine } = await arrive(ALL.filter((other) => other !== right));
    const { rights } = await examine({ test: true });
    expect(named(rights, 'missing')).toEqual([right]);
  });

  test('the acting user is looked up where users may be listed', async () => {
    const { greenhouse, examine } = await arrive();
    expect((await examine()).actingUser?.seesAll).toBe('no');
    for (const user of greenhouse.world.users.list(({ email }) => email === 'rosa@example.com'))
      greenhouse.world.users.change(user, { siteAdmin: true });
    expect((await examine()).actingUser?.seesAll).toBe('yes');
    greenhouse.v1Keys.drop(USERS);
    expect((await examine()).actingUser?.seesAll).toBe('unknown');
  });

  test('what is switched off or never called can be removed', async () => {
    const { examine } = await arrive();
    expect(named((await examine()).rights, 'unneeded')).toContain('Jobs: Get: Retrieve Job');
  });

  test('a key that is dead: the trouble is told, and every right is unknown', async () => {
    const { examine } = await arrive();
    const { trouble, rights } = await examine({ apiKey: 'dead-1', test: true });
    expect(trouble).toMatchObject({ kind: 'unauthorised' });
    expect(new Set(rights.map(({ state }) => state))).toEqual(new Set(['unknown']));
  });

  test('an acting user who is gone is no missing right', async () => {
    const { greenhouse, examine } = await arrive();
    for (const user of greenhouse.world.users.list(({ email }) => email === 'rosa@example.com'))
      greenhouse.world.users.change(user, { deactivated: true });
    const { rights } = await examine({ test: true });
    expect(named(rights, 'missing')).toEqual([]);
    expect(named(rights, 'unknown')).toEqual(WRITES);
  });

  test('web pages instead of answers: nothing is called missing', async () => {
    const { greenhouse, examine } = await arrive();
    greenhouse.failNext({ method: 'GET', path: '^/v1/', kind: 'html', status: 200, times: 1000 });
    expect(named((await examine()).rights, 'missing')).toEqual([]);
  });
});
