import { beforeAll, describe, expect, test } from 'vitest';
import { useTestServer } from '../support/test-server.ts';

const server = useTestServer();
const EMAIL = 'ada.moreno@mail.example';

/** Coderbyte changes the score, and a reviewer's thumb makes it tell us. */
const rescore = async (email: string, finalScore: number, recommendation: 'thumb_up' | 'thumb_down') => {
  const { coderbyte, seeds } = server().world;
  const whom = { assessmentId: seeds.coderbyte.seniorSwe, email };
  coderbyte.play.score({ ...whom, finalScore });
  coderbyte.play.thumb({ ...whom, recommendation });
  await server().settle();
};
const finish = async (email: string) => {
  const { coderbyte, seeds } = server().world;
  const whom = { assessmentId: seeds.coderbyte.seniorSwe, email };
  coderbyte.play.start(whom);
  coderbyte.play.submit({ ...whom, finalScore: 84 });
  await server().settle();
};

describe('a revised result in Lever', () => {
  const notes = () => [...server().world.lever.account.notes.values()].filter(({ createdByApi }) => createdByApi);
  const texts = () => notes().map(({ comments }) => comments.map(({ value }) => value).join(' / '));

  beforeAll(async () => {
    const { lever, seeds } = server().world;
    lever.play.move({ opportunityId: seeds.lever.opportunities.ada, stageId: seeds.lever.stages.assessment });
    await server().settle();
    await finish(EMAIL);
    expect(texts()).toEqual([expect.stringContaining('sent'), expect.stringContaining('84 of 100')]);
  });

  test('changes our note in place', async () => {
    const [, result] = notes();
    await rescore(EMAIL, 91, 'thumb_up');
    expect(texts()).toEqual([expect.stringContaining('sent'), expect.stringMatching(/^Revised result\. .*91 of 100/)]);
    expect(notes()[1]?.id).toBe(result?.id);
  });

  test('the answer to the change is lost: it is there once', async () => {
    server().world.lever.direct.failNext({ method: 'PUT', path: '/notes/', when: 'after', answer: { kind: 'reset' } });
    await rescore(EMAIL, 62, 'thumb_down');
    await server().until(async () => {
      server().clock.advance(60);
      await server().settle();
      const { rows } = await server().server.services.db.execute(
        `select 1 from tagalong.effects where kind = 'write-note' and state <> 'done'`,
      );
      expect(rows).toEqual([]);
    });
    expect(texts()).toEqual([expect.stringContaining('sent'), expect.stringContaining('62 of 100')]);
  });

  test('leaves a note that a colleague has answered, and writes another', async () => {
    const [, result] = notes();
    server().world.lever.play.commentOnNote({ noteId: result?.id ?? '', text: 'Then let us call her.' });
    await rescore(EMAIL, 70, 'thumb_up');
    expect(texts()).toEqual([
      expect.stringContaining('sent'),
      expect.stringMatching(/62 of 100.* \/ Then let us call her\.$/),
      expect.stringMatching(/^Revised result\. .*70 of 100/),
    ]);
  });

  test('writes another where a person has deleted ours', async () => {
    const last = notes().at(-1);
    server().world.lever.play.deleteNote({ noteId: last?.id ?? '' });
    await rescore(EMAIL, 75, 'thumb_down');
    expect(texts()).toHaveLength(3);
    expect(texts().at(-1)).toMatch(/^Revised result\. .*75 of 100/);
  });
});

test('a revised result in Greenhouse, whose notes are for ever, is another note', async () => {
  const { greenhouse, seeds } = server().world;
  const { applications, stages } = seeds.greenhouse;
  greenhouse.move({ applicationId: applications.ada, stageId: stages.backend.Assessment });
  await server().settle();
  await finish('ada@example.com');
  await rescore('ada@example.com', 91, 'thumb_up');
  const results = greenhouse.world.notes.list(({ body }) => body.includes('of 100')).map(({ body }) => body);
  expect(results).toEqual([expect.stringContaining('84 of 100'), expect.stringMatching(/^Revised result\. .*91 of 100/)]);
});
