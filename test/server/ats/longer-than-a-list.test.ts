import { describe, expect, it } from 'vitest';
import type { AtsAdapter } from '../../../server/ats/port.ts';
import { endOf, type Look } from '../../../server/jobs/look-at-deleted.ts';
import { lookInSlices } from '../../../server/jobs/look-in-slices.ts';
import type { HttpRequest } from '../../../server/outbound/http.ts';
import { makeGreenhouse } from '../../support/greenhouse-adapter.ts';
import { scriptedLever } from './lever/scripted-lever.ts';

const START = Date.parse('2026-11-20T00:00:00Z');
/** A stand-in ATS gives two at a time, and of more than three pages we take no more. */
const PAGE = 2;
const MAX_PAGES = 3;
const PEOPLE = Array.from({ length: 20 }, (_, index) => ({ id: String(index + 1), at: START + index * 3_600_000 }));
const NOW = new Date(START + 20 * 3_600_000);

type Times = { from: number; to: number };

function pageOf({ from, to }: Times, offset: number) {
  const fitting = PEOPLE.filter(({ at }) => at >= from && at <= to).toReversed();
  const next = offset + PAGE < fitting.length ? offset + PAGE : null;
  return { people: fitting.slice(offset, offset + PAGE), next };
}

/** `gte|A`, `gte|A|lte|B`. https://harvestdocs.greenhouse.io/reference/get_v3-applications */
function greenhouse() {
  const timesOf = (text: string): Times => {
    const [, from = '', end, to = ''] = text.split('|');
    return { from: Date.parse(from), to: end === 'lte' ? Date.parse(to) : Number.POSITIVE_INFINITY };
  };
  const answer = ({ query = {} }: HttpRequest) => {
    const [text = '', offset = '0'] = query.cursor
      ? `${query.cursor}`.split('~')
      : [`${query.updated_at ?? query.last_activity_at}`];
    const { people, next } = pageOf(timesOf(text), Number(offset));
    const cursor = new URLSearchParams({ cursor: `${text}~${next}` });
    return {
      status: 200,
      body: people.map(({ id }) => ({ id: Number(id), job_interview_stage_id: null, stage_name: null })),
      ...(next === null ? {} : { headers: { link: `<https://harvest.greenhouse.io/v3/applications?${cursor}>; rel="next"` } }),
    };
  };
  return makeGreenhouse({ 'GET /v3/applications': answer }, {}, { maxPages: MAX_PAGES }).adapter;
}

/** `<what>_start`, `<what>_end`, both inclusive. https://hire.lever.co/developer/documentation#list-all-opportunities */
function lever() {
  const answer = ({ query = {} }: HttpRequest) => {
    const bound = (end: string) => Object.entries(query).find(([name]) => name.endsWith(end))?.[1];
    const times = { from: Number(bound('_at_start')), to: Number(bound('_at_end') ?? Number.POSITIVE_INFINITY) };
    const { people, next } = pageOf(times, Number(query.offset ?? 0));
    return { body: { data: people.map(({ id }) => ({ id })), hasNext: next !== null, next: `${next}` } };
  };
  return scriptedLever({ 'GET /opportunities': answer, 'GET /opportunities/deleted': answer }, { maxPages: MAX_PAGES }).adapter;
}

async function seenBy(listOf: (since: Date, until: Date | null) => ReturnType<AtsAdapter['findChangedSince']>) {
  const ids = new Set<string>();
  const slices: number[] = [];
  const look = async (since: Date, until: Date | null): Promise<Look> => {
    for await (const one of listOf(since, until)) {
      if (!one.ok) return { found: 0, ended: endOf(one) };
      ids.add(one.value.applicationId);
    }
    return { found: 0, ended: 'complete' };
  };
  const { ended } = await lookInSlices(new Date(START), {
    look: ({ since, until }) => look(since, until),
    upTo: () => NOW,
    onWhole: async (until) => void slices.push(until.getTime()),
  });
  return { ended, ids, slices };
}

describe.each([
  ['Greenhouse', greenhouse],
  ['Lever', lever],
])('%s, of more changes than one list holds', (_, make) => {
  it('says that it is too long, after so many pages', async () => {
    const { findChangedSince } = make();
    const found = [];
    for await (const one of findChangedSince({ since: new Date(START), stageIds: [] })) found.push(one);
    expect(found).toHaveLength(PAGE * MAX_PAGES + 1);
    expect(found.at(-1)).toMatchObject({ ok: false, kind: 'unreadable', tooMuch: 'list' });
  });

  it('tells all of them slice by slice', async () => {
    const adapter = make();
    const { ended, ids, slices } = await seenBy((since, until) => adapter.findChangedSince({ since, until, stageIds: [] }));
    expect(ended).toBe('complete');
    expect(ids).toEqual(new Set(PEOPLE.map(({ id }) => id)));
    expect(slices.length).toBeGreaterThan(1);
  });
});

it('Lever tells of the deleted in the same way', async () => {
  const { findDeletedSince } = lever().operations;
  if (!findDeletedSince) throw new Error('The adapter has no deleted list');
  async function* deleted(since: Date, until: Date | null) {
    for await (const one of findDeletedSince?.(since, until) ?? [])
      yield one.ok ? { ok: true as const, value: { applicationId: one.value.applicationId, isElsewhere: false } } : one;
  }
  const { ended, ids } = await seenBy(deleted);
  expect(ended).toBe('complete');
  expect(ids).toEqual(new Set(PEOPLE.map(({ id }) => id)));
});
