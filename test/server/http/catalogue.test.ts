import { describe, expect, it } from 'vitest';
import { PATHS } from '../../../lib/contract/paths.ts';
import { assessmentViewSchema, overviewSchema, vendorCatalogueSchema } from '../../../lib/contract/settings.ts';
import type { VendorAdapter, VendorAssessment } from '../../../server/vendors/port.ts';
import { useSetUp } from '../../support/admin-set-up.ts';
import { FakeVendor } from '../../support/fake-systems.ts';

const swe: VendorAssessment = { externalId: 'swe', name: 'Senior SWE', kind: 'test', durationMinutes: 60 };
const data: VendorAssessment = { externalId: 'data', name: 'Data', kind: 'test', durationMinutes: null, state: 'draft' };

describe('what a vendor offers, in the options', () => {
  let listed: Awaited<ReturnType<VendorAdapter['listAssessments']>> = { ok: true, value: [swe, data] };
  const { capabilities } = new FakeVendor().adapter;
  const at = useSetUp({ vendor: () => ({ kind: 'coderbyte', capabilities, listAssessments: async () => listed }) });
  let id = '';
  const path = () => PATHS.catalogue.replace('{id}', id);

  it('is listed with its state', async () => {
    const { connect, read } = at.current();
    id = (await connect({ kind: 'byteboard' })).id;
    const view = await read(vendorCatalogueSchema, 'GET', path());
    expect(view).toMatchObject({ listed: true, trouble: null });
    expect(view.assessments.map(({ externalId, state }) => [externalId, state])).toEqual([
      ['data', 'draft'],
      ['swe', 'active'],
    ]);
  });

  it('is asked for anew by the button, not by every look', async () => {
    const { read } = at.current();
    listed = { ok: true, value: [data] };
    const state = (view: { assessments: { externalId: string; state?: string }[] }) =>
      view.assessments.find(({ externalId }) => externalId === 'swe')?.state;
    expect(state(await read(vendorCatalogueSchema, 'GET', path()))).toBe('active');
    expect(state(await read(vendorCatalogueSchema, 'POST', path()))).toBe('gone');
  });

  it('and vanished stands at the assessment that a tag names, and in the checklist, before anyone uses it', async () => {
    const { read, call } = at.current();
    const body = {
      vendorConnectionId: id,
      externalId: 'swe',
      name: 'Senior SWE',
      tag: 'Senior SWE',
      handover: 'copy link',
      linkTemplate: 'https://coderbyte.com/sl/swe',
    };
    const made = await read(assessmentViewSchema, 'POST', PATHS.assessments, body);
    expect(made).toMatchObject({ catalogueState: 'gone', troubles: [expect.stringMatching(/^No longer at /)] });
    expect((await call('GET', PATHS.assessments)).status).toBe(200);
    const { steps } = await read(overviewSchema, 'GET', PATHS.overview);
    expect(steps.find((step) => step.id === 'assessment')?.text).toMatch(/No longer at /);
  });

  it('never had stands at the assessment as a warning, for it may be new; what goes out as our own link needs none', async () => {
    const { read } = at.current();
    const body = { vendorConnectionId: id, externalId: 'sew', name: 'Typo', tag: 'Typo', handover: 'vendor e-mail' };
    const invite = capabilities.invite;
    capabilities.invite = 'api';
    const made = await read(assessmentViewSchema, 'POST', PATHS.assessments, body);
    expect(made).toMatchObject({ troubles: [], warnings: [expect.stringMatching(/has not listed "sew"/)] });
    const link = { ...body, tag: 'Link', handover: 'copy link', linkTemplate: 'https://coderbyte.com/sl/swe' };
    expect(await read(assessmentViewSchema, 'POST', PATHS.assessments, link)).toMatchObject({ warnings: [] });
    capabilities.invite = invite;
  });

  it('stays as it was while the vendor cannot be asked, with why', async () => {
    const { read, server } = at.current();
    listed = { ok: false, kind: 'unreachable', detail: 'no route' };
    server.clock.advance(120_000);
    const view = await read(vendorCatalogueSchema, 'GET', path());
    expect(view.assessments).toHaveLength(2);
    expect(view.trouble).toBeTruthy();
  });

  it('and was never known is refused with why', async () => {
    const { connect, refusal } = at.current();
    const other = await connect({ kind: 'byteboard' });
    expect(await refusal('GET', PATHS.catalogue.replace('{id}', other.id))).toMatchObject({ code: 'vendor-unavailable' });
  });
});
