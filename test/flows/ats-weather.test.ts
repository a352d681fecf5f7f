/**
 * What a recruiter reads in the panel for each kind of trouble at each ATS: opening the panel, at a click that moves, and while our note
 * is written. When it is over, everything has been done once. The re-read after a webhook stands in ats-trouble.test.ts.
 */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PATHS } from '../../lib/contract/paths.ts';
import { greenhousePage, leverPage, type Recruiter, useTestServer } from '../support/test-server.ts';

const server = useTestServer({ world: { greenhouse: { rateLimit: 50_000 }, lever: { rateLimit: null } } });
let ben: Recruiter;
beforeAll(async () => {
  ben = await server().join('Ben');
});
const mend = () => {
  server().world.greenhouse.clearFailures();
  server().world.lever.direct.clearFailures();
};
afterEach(mend);

type Page = Parameters<Recruiter['open']>[0];
interface Trouble {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
  kind?: 'html' | 'reset';
  after?: boolean;
}
interface Person {
  page: Page;
  notes(): number;
  stage(): string;
}
interface Ats {
  name: string;
  arrive(): Person;
  fail(which: 'read' | 'note' | 'move', how: Trouble): void;
}

const greenhouse: Ats = {
  name: 'Greenhouse',
  arrive() {
    const { greenhouse: at, seeds } = server().world;
    const email = `${randomUUID()}@mail.example`;
    const { id: candidateId } = at.createCandidate({ firstName: 'Ada', lastName: 'Moreno', email, tags: ['Senior SWE'] });
    const { 'Phone Screen': from } = seeds.greenhouse.stages.backend;
    const { id } = at.createApplication({ candidateId, jobId: seeds.greenhouse.jobs.backend, stageId: from });
    return {
      page: greenhousePage(id, candidateId),
      notes: () => at.world.notes.list((note) => note.candidateId === candidateId).length,
      stage: () => at.world.currentStage(at.world.applications.get(id))?.name ?? '',
    };
  },
  fail(which, { status = 200, body, headers = {}, kind = 'status' as never, after = false }) {
    const place = {
      read: { method: 'GET', path: '^/v3/' },
      note: { method: 'POST', path: '^/v3/notes$' },
      move: { method: 'POST', path: '/move$' },
    };
    const when = after ? ('after' as const) : ('before' as const);
    server().world.greenhouse.failNext({ ...place[which], times: after ? 1 : 500, when, kind, status, body, headers });
  },
};
const lever: Ats = {
  name: 'Lever',
  arrive() {
    const { lever: at, seeds } = server().world;
    const contactId = at.play.createContact({ name: 'Ada Moreno', emails: [`${randomUUID()}@mail.example`] }).id;
    const { stages, postings } = seeds.lever;
    const more = { postingId: postings.backend, stageId: stages.phoneScreen, tags: ['Senior SWE'] };
    const { id } = at.play.createOpportunity({ contactId, ...more });
    return {
      page: leverPage(id),
      notes: () => [...at.account.notes.values()].filter((note) => note.opportunityId === id).length,
      stage: () => at.account.stages.find((stage) => stage.id === at.account.opportunities.get(id)?.stage)?.text ?? '',
    };
  },
  fail(which, { status = 200, body, headers = {}, kind, after = false }) {
    const place = {
      read: { method: 'GET', path: '/opportunities' },
      note: { method: 'POST', path: '/notes$' },
      move: { method: 'PUT', path: '/stage$' },
    };
    const answer =
      kind === undefined ? { kind: 'status' as const, status, body, headers } : kind === 'html' ? { kind, status } : { kind };
    const when = after ? ('after' as const) : ('before' as const);
    server().world.lever.direct.failNext({ ...place[which], times: after ? 1 : 500, when, answer });
  },
};

// 429 is a matter of the rate governor, whose pauses go by the clock of the database: see ats-trouble.test.ts.
const SOON = { 'retry-after': '1' };
const READS: [string, Trouble][] = [
  ['400 without a word', { status: 400, body: {} }],
  ['400 with one', { status: 400, body: { code: 'BadRequest', message: 'That filter is not known.' } }],
  ['401', { status: 401, body: { message: 'Unauthorized', errors: ['Token could not be decoded.'] } }],
  ['403', { status: 403, body: {} }],
  ['404', { status: 404, body: { message: 'Resource not found' } }],
  ['408', { status: 408, body: { code: 'RequestTimeout' } }],
  ['409', { status: 409, body: {} }],
  ['422 of both kinds', { status: 422, body: { message: 'Unprocessable Content', errors: ['ids is odd', { ids: 'is odd' }] } }],
  ['500', { status: 500, body: null }],
  ['503 with a time', { status: 503, body: {}, headers: SOON }],
  ['a web page', { kind: 'html', status: 200 }],
  ['an error as a web page', { kind: 'html', status: 502 }],
  ['a null', { status: 200, body: 'null' }],
  ['a string', { status: 200, body: '"maintenance"' }],
  ['a cut line', { kind: 'reset' }],
];

/** What would help nobody: our words, the machine's words, holes in the sentence. */
const NOT_FOR_PEOPLE =
  /undefined|\[object|\bnull\b|NaN|\bE[A-Z]{5,}\b|\w+Error:|\.ts\b|\bat \w+ \(|https?:|127\.0\.0\.1|\{\w+\}|\b(snapshot|effect|lane|hint|ambiguous|unreadable|unreachable|misconfigured)\b|<\w+/i;
const SAYS_WHAT_COMES =
  /by itself|will be tried again|Ask an admin|Check|look|Open|does not show this|cannot be seen|is not certain|this takes the right|refused: (?!status)/i;

function isForPeople(text: string, ats: string): void {
  expect(text).not.toMatch(NOT_FOR_PEOPLE);
  expect(text).toMatch(SAYS_WHAT_COMES);
  expect(text).toMatch(new RegExp(`${ats}|the ATS`));
  // Their own words may end as they like.
  expect(text).toMatch(/^[A-Z].*([.!]|refused: .*)$/s);
  expect(text).not.toMatch(/refused: (status )?\d+\.?$/);
}

describe.each([greenhouse, lever])('$name', (ats) => {
  test.each(READS)(
    '%s while the panel is opened for the first time: a sentence and a way on, and then the candidate',
    async (_what, how) => {
      // No webhook comes before the recruiter does.
      ats.fail('read', how);
      const { page } = ats.arrive();
      await server().world.settle();
      const view = await ben.panel(page);
      mend();
      if (view.kind !== 'unavailable') throw new Error(JSON.stringify(view));
      isForPeople(view.text, ats.name);
      expect(view.mend).not.toBeNull();
      server().clock.advance(150);
      await server().until(async () => expect((await ben.open(page)).candidateName).toBe('Ada Moreno'));
      await server().settle();
    },
  );

  const NOTES: [string, Trouble, number][] = [
    ['400 without a word', { status: 400, body: {} }, 0],
    ['401', { status: 401, body: {} }, 1],
    ['403', { status: 403, body: {} }, 1],
    ['404', { status: 404, body: {} }, 0],
    [
      '422 with a word',
      { status: 422, body: { message: 'Validation error', errors: [{ message: 'is too long', field: 'body' }] } },
      0,
    ],
    ['500', { status: 500, body: {} }, 1],
    ['503 with a time', { status: 503, body: {}, headers: SOON }, 1],
    ['a web page', { kind: 'html', status: 200 }, 1],
    ['an answer that was lost', { kind: 'reset', after: true }, 1],
  ];
  test.each(NOTES)('%s for the note: the panel says so, and there is never a second note', async (_what, how, expected) => {
    const { page, notes } = ats.arrive();
    await server().settle();
    const view = await ben.open(page);
    ats.fail('note', how);
    await ben.send(view);
    server().clock.advance(11);
    const said = await server().until(async () => {
      const { troubles, happenings, invitations } = await ben.open(page);
      expect(invitations).toMatchObject([{ state: 'sent' }]);
      const found = [...troubles, ...happenings]
        .map(({ text }) => text)
        .filter((text) => /note|lost|credential|slow|reached/i.test(text));
      expect(found.length).toBeGreaterThan(0);
      return found;
    });
    for (const text of said) isForPeople(text, ats.name);
    mend();
    for (const seconds of [90, 300]) {
      server().clock.advance(seconds);
      await server().settle();
    }
    await server().until(async () => expect((await ben.open(page)).troubles).toEqual([]));
    expect(notes()).toBe(expected);
  });

  const MOVES: [string, Trouble, boolean][] = [
    ['400 without a word', { status: 400, body: {} }, false],
    ['403', { status: 403, body: {} }, false],
    ['404', { status: 404, body: {} }, false],
    ['500', { status: 500, body: {} }, true],
    ['503 with a time', { status: 503, body: {}, headers: SOON }, true],
    ['a web page', { kind: 'html', status: 200 }, true],
    ['an answer that was lost', { kind: 'reset', after: true }, true],
  ];
  test.each(MOVES)(
    '%s for a move by a click: the panel says so, and the candidate is moved by one stage at most',
    async (what, how, moves) => {
      const { page, stage } = ats.arrive();
      await server().settle();
      const view = await ben.open(page);
      const [before, after] = [view.stageName ?? '', view.nextStageName ?? ''];
      ats.fail('move', how);
      await ben.command(PATHS.commands.change, view, { shown: { stageId: view.stageId }, change: { kind: 'advance' } });
      // A lost answer may be settled by looking before anybody could read of it.
      if (what !== 'an answer that was lost') {
        const said = await server().until(async () => {
          const { troubles, happenings } = await ben.open(page);
          const found = [...troubles, ...happenings]
            .map(({ text }) => text)
            .filter((text) => text.includes(ats.name) && !/^Sent|moved the candidate on to/.test(text));
          expect(found.length).toBeGreaterThan(0);
          return found;
        });
        for (const text of said) isForPeople(text, ats.name);
      }
      mend();
      for (const seconds of [90, 300]) {
        server().clock.advance(seconds);
        await server().settle();
      }
      await server().until(() => expect(stage()).toBe(moves ? after : before));
      await server().until(async () => expect((await ben.open(page)).troubles).toEqual([]));
    },
  );
});
