import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { applications, connections, invitations } from '../../server/storage/schema.ts';
import { greenhousePage, leverPage, type Recruiter, useTestServer } from '../support/test-server.ts';

/**
 * Twenty hours without us. Webhooks are given up by then (Greenhouse tries for 15 hours, Lever five times), so none arrives until the
 * last test: whatever is right before that, the sweep has found.
 */
const server = useTestServer({ world: { lever: { rateLimit: null }, greenhouse: { rateLimit: 5000 } } });
const HOURS_AWAY = 20;

interface Person {
  /** As the journal of the vendor and our rows know them. */
  email: string;
  applicationId: string;
}
type Ats = 'lever' | 'greenhouse';

/** The same acts in both ATSs. */
const acts = {
  lever: () => {
    const { lever, seeds } = server().world;
    const { stages, postings, reasons } = seeds.lever;
    const arrive = (stage: 'phoneScreen' | 'assessment', createdAt?: number): Person => {
      const email = `${randomUUID()}@mail.example`;
      const contactId = lever.play.createContact({ name: 'Ada Moreno', emails: [email] }).id;
      const more = { postingId: postings.backend, tags: ['Senior SWE'], stageId: stages[stage] };
      const { id } = lever.play.createOpportunity({ contactId, ...more, ...(createdAt === undefined ? {} : { createdAt }) });
      return { email, applicationId: id };
    };
    const move = ({ applicationId }: Person, stage: 'phoneScreen' | 'assessment' | 'onsite') =>
      lever.play.move({ opportunityId: applicationId, stageId: stages[stage] });
    return {
      arrive,
      move,
      land: () => arrive('assessment'),
      reject: ({ applicationId }: Person) => lever.play.archive({ opportunityId: applicationId, reasonId: reasons.withdrew }),
      hire: ({ applicationId }: Person) => lever.play.hire({ opportunityId: applicationId }),
      remove: ({ applicationId }: Person) => lever.play.deleteOpportunity({ opportunityId: applicationId }),
      page: ({ applicationId }: Person) => leverPage(applicationId),
    };
  },
  greenhouse: () => {
    const { greenhouse, seeds } = server().world;
    const { stages, jobs, reasons } = seeds.greenhouse;
    const names = { phoneScreen: 'Phone Screen', assessment: 'Assessment', onsite: 'Onsite' } as const;
    const stageId = (stage: keyof typeof names) => {
      const found = Object.entries(stages.backend).find(([name]) => name === names[stage]);
      return found?.[1] ?? Object.values(stages.backend)[0] ?? 0;
    };
    const arrive = (stage: keyof typeof names, createdAt?: number): Person => {
      const email = `${randomUUID()}@mail.example`;
      const { id: candidateId } = greenhouse.createCandidate({
        firstName: 'Ada',
        lastName: 'Moreno',
        email,
        tags: ['Senior SWE'],
      });
      const at = createdAt === undefined ? {} : { at: new Date(createdAt).toISOString() };
      const { id } = greenhouse.createApplication({ candidateId, jobId: jobs.backend, stageId: stageId(stage), ...at });
      return { email, applicationId: String(id) };
    };
    const candidateOf = ({ applicationId }: Person) => greenhouse.world.applications.get(Number(applicationId)).candidateId;
    return {
      arrive,
      move: ({ applicationId }: Person, stage: keyof typeof names) =>
        greenhouse.move({ applicationId: Number(applicationId), stageId: stageId(stage) }),
      /** By transfer to a job whose first stage it is. */
      land: () => {
        const person = arrive('phoneScreen');
        const job = greenhouse.createJob({ name: `Data Engineer ${person.email}`, stages: ['Assessment', 'Onsite', 'Offer'] });
        greenhouse.transfer({ applicationId: Number(person.applicationId), jobId: job.id });
        return person;
      },
      reject: ({ applicationId }: Person) =>
        greenhouse.reject({ applicationId: Number(applicationId), reasonId: reasons.underqualified }),
      hire: ({ applicationId }: Person) => {
        const opening = greenhouse.world.openings.list((row) => row.jobId === jobs.backend && row.closedAt === null)[0];
        greenhouse.hire({ applicationId: Number(applicationId), openingId: opening?.id ?? 0 });
      },
      remove: ({ applicationId }: Person) => greenhouse.deleteApplication({ applicationId: Number(applicationId) }),
      page: (person: Person) => greenhousePage(Number(person.applicationId), candidateOf(person)),
    };
  },
};

const quiet = (mode: 'deliver' | 'hold') => {
  server().world.lever.direct.configure({ deliver: mode });
  server().world.greenhouse.change({ webhooks: mode });
};
const invitesOf = ({ email }: Person) =>
  server()
    .world.journal.list({ simulator: 'coderbyte', kind: 'api' })
    .filter(({ what, detail }) => what.startsWith('POST') && !what.includes('cancel') && JSON.stringify(detail).includes(email))
    .length;
const stateOf = async ({ email }: Person) =>
  (await server().server.services.db.select().from(invitations)).filter((row) => row.person === email).map((row) => row.state);
const rowOf = async ({ applicationId }: Person) =>
  (await server().server.services.db.select().from(applications)).find((row) => row.applicationId === applicationId);
const startOf = async (ats: Ats) => {
  const rows = await server().server.services.db.select().from(connections);
  return rows.find(({ kind }) => kind === ats)?.automaticSince.getTime() ?? 0;
};
const sweptAll = async (since: Date) => {
  const rows = await server().server.services.db.select().from(connections);
  const cursors = rows.filter(({ side }) => side === 'ats').map(({ sweepCursor }) => sweepCursor);
  expect(cursors.filter((cursor) => cursor === null || cursor < since)).toEqual([]);
};

let ben: Recruiter;
beforeAll(async () => {
  ben = await server().join('Ben');
});

describe.each<Ats>(['lever', 'greenhouse'])('%s, after 20 hours without us', (ats) => {
  const people: Record<string, Person> = {};
  const who = (name: string): Person => people[name] ?? { email: '', applicationId: '' };

  beforeAll(async () => {
    const act = acts[ats]();
    const hourBefore = (await startOf(ats)) - 3_600_000;
    people.early = act.arrive('assessment', hourBefore);
    const invited = ['stays', 'movedOn', 'movedBack', 'rejected', 'hired', 'deleted'];
    for (const name of invited) people[name] = act.arrive('assessment');
    for (const name of ['movedIn', 'back', 'passedThrough']) people[name] = act.arrive('phoneScreen');
    await server().settle();
    // A sending that found the machine standing still is tried once more some seconds later, which is not waited for above.
    await server().until(async () => {
      for (const name of invited) expect(await stateOf(who(name))).toEqual(['sent']);
    });
    await server().goDown();
    quiet('hold');
    act.move(who('movedOn'), 'onsite');
    act.move(who('movedBack'), 'phoneScreen');
    act.reject(who('rejected'));
    act.hire(who('hired'));
    act.remove(who('deleted'));
    act.move(who('movedIn'), 'assessment');
    for (const stage of ['assessment', 'onsite', 'assessment'] as const) {
      server().clock.advance(60);
      act.move(who('back'), stage);
    }
    act.move(who('passedThrough'), 'assessment');
    server().clock.advance(60);
    act.move(who('passedThrough'), 'onsite');
    people.landed = act.land();
    server().clock.advance(HOURS_AWAY * 3600);
    const up = server().clock.now();
    await server().comeUp();
    await server().until(() => sweptAll(up));
    await server().settle();
    server().clock.advance(6 * 60);
    await server().settle();
  }, 60_000);

  test.each(['movedIn', 'back', 'landed'])('%s: invited once', async (name) => {
    expect(invitesOf(who(name))).toBe(1);
    expect(await stateOf(who(name))).toEqual(['sent']);
  });

  test('passed through: decided, and nothing was sent', async () => {
    expect(invitesOf(who('passedThrough'))).toBe(0);
    const { happenings } = await ben.open(acts[ats]().page(who('passedThrough')));
    expect(happenings.map(({ text }) => text)).toContain('Not sent: the candidate had already left the stage.');
  });

  test('in the stage since before Tagalong was switched on: untouched', async () => {
    expect(invitesOf(who('early'))).toBe(0);
  });

  test.each(['movedOn', 'movedBack', 'rejected', 'hired'])('%s: the open invitation was taken back', async (name) => {
    expect(invitesOf(who(name))).toBe(1);
    await server().until(async () => expect(await stateOf(who(name))).toEqual(['cancelled']));
  });

  test('deleted: erased where the ATS lists it, and kept where it is only not shown', async () => {
    // Greenhouse tells of a deletion by webhook alone. Until that comes it cannot be seen, and absence alone erases nothing.
    if (ats === 'lever') return await server().until(async () => expect(await rowOf(who('deleted'))).toBeUndefined());
    expect(await stateOf(who('deleted'))).toEqual(['sent']);
    const row = await rowOf(who('deleted'));
    expect(row?.state).toMatchObject({ vanished: true, deleted: false });
    expect(row?.snapshot?.emails).toEqual([who('deleted').email]);
  });

  test('who stayed keeps what they have, and the outcomes are known', async () => {
    expect(invitesOf(who('stays'))).toBe(1);
    expect(await stateOf(who('stays'))).toEqual(['sent']);
    expect((await rowOf(who('hired')))?.outcome).toMatchObject({ offerStatus: 'accepted' });
    expect((await rowOf(who('rejected')))?.outcome.nextStep).not.toBe('pending');
  });

  test('the webhooks come after all, the last first: nothing is sent twice, and only a deletion is news', async () => {
    const names = Object.keys(people);
    const before = names.map((name) => invitesOf(who(name)));
    const { lever, greenhouse } = server().world;
    await lever.direct.releaseHeld({ reversed: true });
    await greenhouse.releaseHeld({ newestFirst: true });
    quiet('deliver');
    await server().settle();
    expect(names.map((name) => invitesOf(who(name)))).toEqual(before);
    await server().until(async () => expect(await rowOf(who('deleted'))).toBeUndefined());
  });
});
