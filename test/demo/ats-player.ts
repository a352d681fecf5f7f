import type { JournalEntry } from '../simulators/frame/journal.ts';
import type { World } from '../simulators/world.ts';

/** One ATS as the demo plays it: its pages, its people, and what its journal says. */
export interface AtsPlayer {
  name: string;
  pageOf(person: Person): string;
  listPage: string;
  /** `byHand`: sent by the recruiter. `tagged`: carries the tag. `untagged`: forgot it. */
  people: Record<'byHand' | 'tagged' | 'untagged', Person>;
  enterAssessment(person: Person): void;
  withdraw(person: Person): void;
  notesOn(person: Person): string[];
  addedTags(person: Person): string[];
}

export interface Person {
  /** Application or opportunity. */
  id: string;
  candidateId?: string;
  name: string;
  email: string;
}

const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value ?? ''));
const calls = (world: World, simulator: 'lever' | 'greenhouse', what: RegExp): JournalEntry[] =>
  world.journal.list({ simulator, kind: 'api' }).filter((row) => what.test(row.what) && row.status !== null && row.status < 300);

export function leverPlayer(world: World): AtsPlayer {
  const { opportunities, stages, reasons } = world.seeds.lever;
  const on = (person: Person, what: RegExp) =>
    calls(world, 'lever', what).filter((row) => text(row.detail.params).includes(person.id));
  return {
    name: 'Lever',
    pageOf: (person) => `https://hire.lever.co/candidates/${person.id}`,
    listPage: 'https://hire.lever.co/candidates',
    people: {
      byHand: { id: opportunities.ben, name: 'Ben Fischer', email: 'ben.fischer@mail.example' },
      tagged: { id: opportunities.chloe, name: 'Chloe Nakamura', email: 'chloe.nakamura@mail.example' },
      untagged: { id: opportunities.elenaData, name: 'Elena Petrova', email: 'elena.petrova@mail.example' },
    },
    enterAssessment: (person) => world.lever.play.move({ opportunityId: person.id, stageId: stages.assessment }),
    withdraw: (person) => world.lever.play.archive({ opportunityId: person.id, reasonId: reasons.withdrew }),
    notesOn: (person) =>
      on(person, /^POST .*\/notes$/).map((row) => text((row.detail.body as { value?: unknown } | null)?.value)),
    addedTags: (person) => on(person, /^POST .*\/addTags$/).map((row) => text(row.detail.body)),
  };
}

export function greenhousePlayer(world: World): AtsPlayer {
  const { applications, candidates, stages, reasons } = world.seeds.greenhouse;
  const person = (key: 'ada' | 'grace' | 'alan', name: string, email: string): Person => ({
    id: String(applications[key]),
    candidateId: String(candidates[key]),
    name,
    email,
  });
  const about = (someone: Person, what: RegExp) =>
    calls(world, 'greenhouse', what).filter((row) => text(row.detail.body).includes(String(someone.candidateId)));
  return {
    name: 'Greenhouse',
    pageOf: (someone) => `https://app.greenhouse.io/people/${someone.candidateId}?application_id=${someone.id}`,
    listPage: 'https://app.greenhouse.io/people',
    people: {
      byHand: person('alan', 'Alan Turing', 'alan@example.com'),
      tagged: person('ada', 'Ada Lovelace', 'ada@example.com'),
      untagged: person('grace', 'Grace Hopper', 'grace@example.com'),
    },
    enterAssessment: (someone) =>
      world.greenhouse.move({ applicationId: Number(someone.id), stageId: stages.backend.Assessment }),
    withdraw: (someone) => world.greenhouse.reject({ applicationId: Number(someone.id), reasonId: reasons.withdrew }),
    notesOn: (someone) => about(someone, /^POST \/v3\/notes$/).map((row) => text(JSON.parse(text(row.detail.body)).body)),
    addedTags: (someone) => about(someone, /^POST \/v3\/applied_candidate_tags$/).map((row) => text(row.detail.body)),
  };
}
