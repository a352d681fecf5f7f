import { describe, expect, it } from 'vitest';
import {
  type GreenhouseV1Application,
  greenhouseV1ApplicationSchema,
  greenhouseV1FeedSchema,
  greenhouseV1StageSchema,
} from '../../../../server/ats/greenhouse-v1/schemas.ts';
import { toStageEntries } from '../../../../server/ats/greenhouse-v1/stage-history.ts';

const STAGES = ['Application Review', 'Interview', 'Interview 2', 'Offer'].map((name, index) =>
  greenhouseV1StageSchema.parse({ id: 11 + index, name, job_id: 5, active: true, priority: index }),
);
const idOf = (name: string) => STAGES.find((stage) => stage.name === name)?.id ?? '?';

function application(stage: string | null, more: object = {}): GreenhouseV1Application {
  return greenhouseV1ApplicationSchema.parse({
    id: 900,
    candidate_id: 700,
    status: 'active',
    applied_at: '2026-10-01T08:00:00.000Z',
    current_stage: stage && { id: idOf(stage), name: stage },
    jobs: [{ id: 5, name: 'Interview Coordinator' }],
    ...more,
  });
}

/** One line a day, the first on the 2nd of October; a time that no line tells has a "~". */
function entriesOf(lines: string[], stage: string | null, others: GreenhouseV1Application[] = []) {
  const own = application(stage);
  const { activities } = greenhouseV1FeedSchema.parse({
    activities: lines.map((body, index) => ({
      id: index,
      created_at: `2026-10-0${index + 2}T08:00:00.000Z`,
      subject: null,
      body,
    })),
  });
  const entries = toStageEntries({ application: own, stages: STAGES, activities, applications: [own, ...others] });
  return entries.map(({ stageName, enteredAt, derived }) => `${stageName} ${derived ? '~' : ''}${enteredAt.slice(8, 10)}`);
}

describe('when a stage was entered, by the activity feed of Harvest v1', () => {
  it('takes names of any length, and letters before and after them', () => {
    const endless = greenhouseV1StageSchema.parse({ id: 99, name: 'a'.repeat(20_000_000), job_id: 5, active: true, priority: 9 });
    const own = application('Interview');
    const { activities } = greenhouseV1FeedSchema.parse({
      activities: [
        'Rosa moved Ada from Application Review to Interview',
        'Rosa moved Ada to ReInterview',
        'Rosa moved Ada to Interview\u{10400}',
      ].map((body, id) => ({ id, created_at: `2026-10-0${id + 2}T08:00:00.000Z`, subject: null, body })),
    });
    const entries = toStageEntries({ application: own, stages: [...STAGES, endless], activities, applications: [own] });
    expect(entries.map(({ stageName, enteredAt }) => `${stageName} ${enteredAt.slice(8, 10)}`)).toEqual([
      'Application Review 01',
      'Interview 02',
    ]);
  });

  it('is told by the lines that move the candidate, coming back included', () => {
    const lines = [
      'Rosa moved Ada from Application Review to Interview for Interview Coordinator',
      'Rosa moved Ada from Interview to Interview 2 for Interview Coordinator',
      'Rosa moved Ada from Interview 2 to Interview for Interview Coordinator',
    ];
    expect(entriesOf(lines, 'Interview')).toEqual(['Application Review ~01', 'Interview 02', 'Interview 2 03', 'Interview 04']);
  });

  it.each(
    ['Take-home test', '-9', ...String.raw`!"#$%&'()*+,-./:;<=>?@[\]^_{|}~`].map((name) =>
      name.length > 1 ? name : `A${name}B`,
    ),
  )('is told of a stage called %s', (name) => {
    const odd = greenhouseV1StageSchema.parse({ id: 77, name, job_id: 5, active: true, priority: 9 });
    const own = application(null, { current_stage: { id: 77, name } });
    const { activities } = greenhouseV1FeedSchema.parse({
      activities: [
        { id: 1, created_at: '2026-10-02T08:00:00.000Z', subject: null, body: `Rosa moved Ada from Interview to ${name}` },
      ],
    });
    const entries = toStageEntries({ application: own, stages: [...STAGES, odd], activities, applications: [own] });
    expect(entries.map(({ stageName }) => stageName)).toEqual(['Interview', name]);
  });

  it('is not changed by lines that only mention a stage', () => {
    const lines = [
      'Rosa moved Ada to Interview',
      'Rosa submitted a scorecard for Interview',
      'Rosa removed Ada from a follow-up',
    ];
    expect(entriesOf(lines, 'Interview')).toEqual(['Interview 02']);
  });

  it('is told whatever the order of the lines', () => {
    const lines = ['Rosa moved Ada to Interview', 'Rosa advanced Ada to Offer'];
    expect(entriesOf(lines, 'Offer')).toEqual(['Interview 02', 'Offer 03']);
    expect(entriesOf(lines.toReversed(), 'Interview')).toEqual(['Offer 02', 'Interview 03']);
  });

  it.each([
    ['there are no lines', []],
    ['nobody can read them', ['Rosa hat Ada nach Interview verschoben']],
    ['they end elsewhere', ['Rosa moved Ada to Interview', 'Rosa moved Ada to Offer']],
  ])('is the day of the application when %s', (_why, lines) => {
    expect(entriesOf(lines, 'Interview')).toEqual(['Interview ~01']);
  });

  it('is not taken from another application of the same person', () => {
    const other = application('Offer', { id: 901, jobs: [{ id: 6, name: 'Engineer' }] });
    const lines = ['Rosa moved Ada to Interview for Interview Coordinator', 'Rosa moved Ada to Offer for Engineer'];
    expect(entriesOf(lines, 'Interview', [other])).toEqual(['Interview 02']);
  });

  it('is the day of the application when two applications are for jobs of one name', () => {
    const twin = application('Offer', { id: 901 });
    const lines = ['Rosa moved Ada to Interview for Interview Coordinator'];
    expect(entriesOf(lines, 'Interview', [twin])).toEqual(['Interview ~01']);
  });

  it('is not told of an application without a stage or a date', () => {
    expect(entriesOf([], null)).toEqual([]);
    const undated = application('Interview', { applied_at: null });
    expect(toStageEntries({ application: undated, stages: STAGES, activities: [], applications: [undated] })).toEqual([]);
  });
});
