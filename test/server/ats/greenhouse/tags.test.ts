import { describe, expect, it } from 'vitest';
import { APPLICATION_ID, CANDIDATE_ID, makeGreenhouse, rows } from '../../../support/greenhouse-adapter.ts';

const target = { applicationId: APPLICATION_ID, candidateId: CANDIDATE_ID };
const tags = rows({ id: 30, name: 'Referral' }, { id: 31, name: 'senior swe' }, { id: 32, name: 'Senior SWE' });
const applied = (...ids: number[]) =>
  rows(...ids.map((id) => ({ id: 500 + id, candidate_id: 259096501002, candidate_tag_id: id })));

describe('adding a tag', () => {
  it('gives the candidate the tag of exactly that name', async () => {
    const { adapter, http } = makeGreenhouse({
      'GET /v3/applied_candidate_tags': applied(),
      'GET /v3/candidate_tags': tags,
      'POST /v3/applied_candidate_tags': { status: 201, body: { id: 532 } },
    });
    expect(await adapter.addTag(target, 'Senior SWE')).toEqual({ ok: true, value: undefined });
    expect(http.sent('POST /v3/applied_candidate_tags').map((request) => request.json)).toEqual([
      { candidate_id: 259096501002, candidate_tag_id: 32 },
    ]);
  });

  it('changes nothing when the candidate has it, in whatever spelling', async () => {
    const { adapter, http } = makeGreenhouse({
      'GET /v3/applied_candidate_tags': applied(31),
      'GET /v3/candidate_tags': rows({ id: 31, name: 'senior swe' }),
    });
    expect(await adapter.addTag(target, 'Senior SWE ')).toEqual({ ok: true, value: undefined });
    expect(http.requests.every((request) => !request.write)).toBe(true);
  });

  it('makes the tag first when the company has none of that name', async () => {
    const { adapter, http } = makeGreenhouse({
      'GET /v3/applied_candidate_tags': applied(),
      'GET /v3/candidate_tags': tags,
      'POST /v3/candidate_tags': { status: 201, body: { id: 33, name: 'Data' } },
      'POST /v3/applied_candidate_tags': { status: 201, body: { id: 533 } },
    });
    expect(await adapter.addTag(target, 'Data')).toMatchObject({ ok: true });
    expect(http.sent('POST /v3/candidate_tags')[0]?.json).toEqual({ name: 'Data' });
    expect(http.sent('POST /v3/applied_candidate_tags')[0]?.json).toMatchObject({ candidate_tag_id: 33 });
  });

  it('takes the tag that somebody else made at the same moment', async () => {
    const { adapter, http } = makeGreenhouse({
      'GET /v3/applied_candidate_tags': applied(),
      'GET /v3/candidate_tags': [tags, rows({ id: 34, name: 'Data' })],
      'POST /v3/candidate_tags': { status: 422, body: { errors: [{ name: 'has already been taken' }] } },
      'POST /v3/applied_candidate_tags': { status: 201, body: { id: 534 } },
    });
    expect(await adapter.addTag(target, 'Data')).toMatchObject({ ok: true });
    expect(http.sent('POST /v3/applied_candidate_tags')[0]?.json).toMatchObject({ candidate_tag_id: 34 });
  });

  it('counts as done when it is refused because the candidate got the tag at the same moment', async () => {
    const routes = { 'GET /v3/candidate_tags': tags, 'POST /v3/applied_candidate_tags': { status: 422, body: {} } };
    const meanwhile = makeGreenhouse({ ...routes, 'GET /v3/applied_candidate_tags': [applied(), applied(32)] });
    expect(await meanwhile.adapter.addTag(target, 'Senior SWE')).toMatchObject({ ok: true });
    const never = makeGreenhouse({ ...routes, 'GET /v3/applied_candidate_tags': applied() });
    expect(await never.adapter.addTag(target, 'Senior SWE')).toMatchObject({ ok: false, kind: 'refused', status: 422 });
  });

  it('tells a missing right and a lost answer as what they are', async () => {
    const routes = { 'GET /v3/applied_candidate_tags': applied(), 'GET /v3/candidate_tags': tags };
    const forbidden = makeGreenhouse({ ...routes, 'POST /v3/applied_candidate_tags': { status: 403 } });
    expect(await forbidden.adapter.addTag(target, 'Senior SWE')).toMatchObject({ ok: false, kind: 'forbidden' });
    const lost = makeGreenhouse({ ...routes, 'POST /v3/applied_candidate_tags': 'answer lost' });
    expect(await lost.adapter.addTag(target, 'Senior SWE')).toMatchObject({ ok: false, kind: 'ambiguous' });
  });
});

describe('removing a tag', () => {
  it('takes it away in every spelling and leaves the others', async () => {
    const { adapter, http } = makeGreenhouse({
      'GET /v3/applied_candidate_tags': applied(30, 31, 32),
      'GET /v3/candidate_tags': tags,
      'DELETE /v3/applied_candidate_tags/531': { status: 204 },
      'DELETE /v3/applied_candidate_tags/532': { status: 404 },
    });
    expect(await adapter.removeTag(target, 'Senior SWE')).toEqual({ ok: true, value: undefined });
    expect(http.requests.filter((request) => request.method === 'DELETE')).toHaveLength(2);
  });

  it('is done when there is none', async () => {
    const { adapter } = makeGreenhouse({ 'GET /v3/applied_candidate_tags': applied() });
    expect(await adapter.removeTag(target, 'Senior SWE')).toEqual({ ok: true, value: undefined });
  });
});
