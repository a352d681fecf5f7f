import { afterEach, describe, expect, it } from 'vitest';
import { type GreenhouseSubjectWish, makeGreenhouseSubject } from '../../../contracts/greenhouse-subject.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function make(wish: GreenhouseSubjectWish = {}) {
  const made = await makeGreenhouseSubject(wish);
  closing.push(() => made.subject.close());
  const { greenhouse, subject } = made;
  const authors = () => greenhouse.world.notes.list().map(({ userId }) => userId);
  const mints = () => greenhouse.journal.list().filter(({ what }) => what.startsWith('POST /token')).length;
  const target = await subject.apply({ name: 'Ada Moreno' });
  const jobAdminOf = [Number(subject.job.id)];
  const serviceUserId = greenhouse.world.credentials.list()[0]?.serviceUserId;
  /** May write to the job, and read nothing. */
  const hire = (firstName: string) =>
    greenhouse.createUser({ firstName, lastName: 'Ode', email: `${firstName.toLowerCase()}@example.com`, jobAdminOf });
  const leave = (firstName: string) => {
    const user = hire(firstName);
    user.deactivated = true;
    return user;
  };
  return { ...made, authors, mints, target, serviceUserId, hire, leave };
}

const note = (n: number) => ({ text: `Sent. (TA-${n}X)`, reference: `TA-${n}X` });

describe('a write in the name of a recruiter', () => {
  it('is that Greenhouse user’s, without Site Admin rights, while reads stay with the service user', async () => {
    const { greenhouse, subject, target, authors, hire } = await make();
    const ben = hire('Ben');
    const acting = { ...target, actingUserId: `${ben.id}` };
    expect(await subject.adapter.writeNote(acting, note(1))).toMatchObject({ ok: true });
    expect(await subject.adapter.addTag(acting, 'Senior SWE')).toEqual({ ok: true, value: undefined });
    const { first, assessment } = subject.stages;
    expect(await subject.adapter.moveToStage(acting, { fromStageId: first.id, toStageId: assessment.id })).toMatchObject({
      ok: true,
    });
    expect(authors()).toEqual([ben.id]);
    expect(greenhouse.journal.list().filter(({ status }) => status === 403)).toEqual([]);
  });

  it('that Greenhouse refuses to that user is written by the service user, once', async () => {
    const { greenhouse, subject, target, authors, serviceUserId } = await make();
    const outsider = greenhouse.createUser({ firstName: 'Olu', lastName: 'Ray', email: 'olu@example.com', siteAdmin: false });
    const written = await subject.adapter.writeNote({ ...target, actingUserId: `${outsider.id}` }, note(1));
    expect(written).toMatchObject({ ok: true });
    expect(authors()).toEqual([serviceUserId]);
  });

  it('is written by the service user where Greenhouse makes no token for that user any more', async () => {
    const { subject, target, authors, serviceUserId, leave } = await make();
    const gone = leave('Gil');
    expect(await subject.adapter.writeNote({ ...target, actingUserId: `${gone.id}` }, note(1))).toMatchObject({ ok: true });
    expect(authors()).toEqual([serviceUserId]);
  });

  it('whose answer was lost is not written again in another name', async () => {
    const { greenhouse, subject, target, authors, hire } = await make();
    const ben = hire('Ben');
    await subject.loseNextAnswer();
    const written = await subject.adapter.writeNote({ ...target, actingUserId: `${ben.id}` }, note(1));
    expect(written).toMatchObject({ ok: false, kind: 'ambiguous' });
    expect(authors()).toEqual([ben.id]);
    expect(greenhouse.world.notes.list()).toHaveLength(1);
  });

  it('by a v1 key names the user in the header and in the note', async () => {
    const { subject, target, authors, hire } = await make({ api: 'v1' });
    const ben = hire('Ben');
    expect(await subject.adapter.writeNote({ ...target, actingUserId: `${ben.id}` }, note(1))).toMatchObject({ ok: true });
    expect(authors()).toEqual([ben.id]);
  });

  it('by a v1 key that is refused to that user is the acting user’s, in the header and in the note', async () => {
    const { subject, target, authors, recruiter, leave } = await make({ api: 'v1' });
    const gone = leave('Gil');
    expect(await subject.adapter.writeNote({ ...target, actingUserId: `${gone.id}` }, note(1))).toMatchObject({ ok: true });
    expect(authors()).toEqual([recruiter.id]);
  });
});

describe('tokens of several users', () => {
  it('are kept side by side where one does not revoke the other', async () => {
    const { subject, target, mints, hire } = await make({ open: { singleToken: false } });
    const users = [hire('Ben'), hire('Rosa')];
    for (let n = 0; n < 3; n += 1)
      for (const { id } of users) {
        await subject.adapter.writeNote({ ...target, actingUserId: `${id}` }, note(n));
        await subject.adapter.readSnapshot(target.applicationId);
      }
    expect(mints()).toBe(3);
  });

  it.each([1, 2])(
    'survive 50 calls at once in an account that revokes the earlier token, from %i processes',
    async (processes) => {
      const { subject, target, makeAdapter, authors, hire } = await make({
        open: { singleToken: true },
        settings: { singleToken: true },
      });
      const users = [hire('Ben').id, hire('Rosa').id];
      const adapters = Array.from({ length: processes }, () => makeAdapter());
      const results = await Promise.all(
        Array.from({ length: 50 }, (_, n) => {
          const adapter = adapters[n % processes] ?? subject.adapter;
          if (n % 2 === 0) return adapter.readSnapshot(target.applicationId);
          return adapter.writeNote({ ...target, actingUserId: `${users[((n - 1) / 2) % 2]}` }, note(n));
        }),
      );
      expect(results.filter(({ ok }) => !ok)).toEqual([]);
      expect(users.map((user) => authors().filter((id) => id === user).length)).toEqual([13, 12]);
    },
  );
});
