import { afterEach, describe, expect, it } from 'vitest';
import { partnerSettingsSchema } from '../../lib/contract/partner-settings.ts';
import { createPartnerAdapter, partnerWebhooks } from '../../server/vendors/partner/index.ts';
import type { InvitationOrder } from '../../server/vendors/port.ts';
import { serveSimulator } from '../simulators/frame/serve.ts';
import { createPartnerSimulator, type PartnerSimulator, toAdafacePath } from '../simulators/partner/index.ts';
import type { PartnerSettings as SimulatorSettings } from '../simulators/partner/settings.ts';
import { makeInvitation, makeOrder } from '../support/make-order.ts';
import type { Breakage } from './ats-contract.ts';
import { createContractHttp } from './contract-http.ts';
import { describeVendorContract, type VendorContractSubject } from './vendor-contract.ts';

const FAR_MORE_CALLS_THAN_A_TEST_MAKES = 100_000;

interface PartnerSubject extends VendorContractSubject {
  partner: PartnerSimulator;
  logged(): string;
}

/** With `statuses: 'sent'` it promises no more than the protocol does. */
const plain = () => makeSubject({ statuses: 'sent' });
describeVendorContract('partner', true, plain, { hasWebhooks: false });
describeVendorContract('partner as Adaface', true, () => makeSubject({ statuses: 'sent' }, 'adaface'), { hasWebhooks: false });

describe('a service of the partner protocol', () => {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });
  async function setUp(settings: Partial<SimulatorSettings> = {}, ours: object = {}) {
    const subject = await makeSubject(settings, 'own', ours);
    closers.push(subject.close);
    const order = (change: Partial<InvitationOrder> = {}) =>
      makeOrder({ ...subject.assessment, handover: 'vendor e-mail' }, change);
    const invite = async (given = order()) => {
      const receipt = await subject.adapter.invite(given);
      if (!receipt.ok) throw new Error(`${receipt.kind}: ${receipt.detail}`);
      return makeInvitation({ email: given.email, attempt: given.attempt, externalId: receipt.value.externalId });
    };
    return { ...subject, order, invite };
  }
  const idOf = (partner: PartnerSimulator) => partner.interviews().at(-1)?.id ?? '';

  it('gets the candidate by name, address and profile, and nothing else; the callback is null', async () => {
    const { partner, invite } = await setUp();
    await invite();
    expect(partner.interviews()).toMatchObject([
      {
        candidate: {
          ...{ firstName: 'Ada', lastName: 'Lovelace', preferredName: null, email: 'ada+jobs@example.com' },
          profileUrl: 'https://hire.lever.co/candidates/1',
        },
        ...{ sentBy: null, callbackUrl: null },
      },
    ]);
  });

  it('that insists on a callback gets the one an admin entered', async () => {
    const callbackUrl = 'https://app.greenhouse.io/integrations/testing_partners/take_home_tests/1';
    const { partner, invite } = await setUp({ callbackRequired: true, patches: false }, { callbackUrl });
    await invite();
    expect(partner.interviews()).toMatchObject([{ callbackUrl }]);
    const silent = await setUp({ callbackRequired: true });
    const refused = { ok: false, kind: 'refused', detail: expect.stringContaining('url') };
    expect(await silent.adapter.invite(silent.order())).toMatchObject(refused);
    expect(silent.partner.mails()).toEqual([]);
  });

  it('that takes nobody without a profile at Greenhouse says so for a candidate of Lever', async () => {
    const { adapter, order, partner } = await setUp({ greenhouseProfileOnly: true });
    const refused = { ok: false, kind: 'refused', detail: expect.stringContaining('greenhouse_profile_url') };
    expect(await adapter.invite(order())).toMatchObject(refused);
    const profileUrl = 'https://app.greenhouse.io/people/17?application_id=26';
    expect(await adapter.invite(order({ profileUrl }))).toMatchObject({ ok: true });
    expect(partner.interviews()).toHaveLength(1);
  });

  it('may have other paths, ids that are numbers, and two tests of one name', async () => {
    const paths = { listTests: '/api/tests', sendTest: '/api/orders', testStatus: '/status' };
    const { adapter, invite, partner } = await setUp(
      { numericIds: true, paths: { ...paths, responseError: '/errors' } },
      { paths },
    );
    const invitation = await invite();
    expect(invitation.externalId).toBe(idOf(partner));
    expect(await adapter.readReport(invitation)).toMatchObject({ value: { state: 'sent' } });
    const listed = await adapter.listAssessments();
    expect(listed.ok && listed.value.filter(({ name }) => name === 'Aptitude')).toHaveLength(2);
  });

  it.each([
    ['states', 'started'],
    ['sent', 'sent'],
    ['incomplete', 'sent'],
    ['in_progress', 'started'],
    ['pending', 'sent'],
  ] as const)('that says "%s" before it is complete is understood, and an early score is no result', async (statuses, state) => {
    const { adapter, invite, partner } = await setUp({ statuses, earlyScore: true });
    const invitation = await invite();
    const interviewId = idOf(partner);
    partner.play.start({ interviewId });
    expect(await adapter.readReport(invitation)).toMatchObject({ value: { state, result: null } });
    partner.play.submit({ interviewId, score: 44, processing: true });
    const between = await adapter.readReport(invitation);
    expect(between).toMatchObject({ ok: true, value: { result: null } });
    partner.play.finishProcessing({ interviewId });
    expect(await adapter.readReport(invitation)).toMatchObject({
      value: { state: 'scored', result: { score: { value: 44, max: null }, integrity: { status: 'not evaluated' } } },
    });
  });

  it('that is complete without a score is done all the same', async () => {
    const { adapter, invite, partner } = await setUp({ scored: false });
    const invitation = await invite();
    partner.play.start({ interviewId: idOf(partner) });
    partner.play.submit({ interviewId: idOf(partner) });
    expect(await adapter.readReport(invitation)).toMatchObject({ value: { state: 'scored', result: { score: null } } });
  });

  it('with a wrong key, one that was exchanged, or a plan without the API says which', async () => {
    const { adapter, partner, order, invite } = await setUp();
    const invitation = await invite();
    partner.direct.configure({ account: 'no-api' });
    expect(await adapter.check()).toMatchObject({ ok: false, kind: 'forbidden' });
    partner.direct.configure({ account: 'active' });
    partner.play.rotateKey();
    for (const answer of [await adapter.check(), await adapter.invite(order()), await adapter.readReport(invitation)])
      expect(answer).toMatchObject({ ok: false, kind: 'unauthorised' });
    expect(partner.mails()).toHaveLength(1);
  });

  it('whose test is gone invites nobody', async () => {
    const { adapter, partner, order, assessment } = await setUp();
    partner.play.archiveTest({ testId: assessment.externalId ?? '' });
    expect(await adapter.invite(order())).toMatchObject({
      ok: false,
      kind: 'not-found',
      detail: expect.stringContaining('test'),
    });
    const listed = await adapter.listAssessments();
    expect(listed.ok && listed.value.some(({ externalId }) => externalId === assessment.externalId)).toBe(false);
  });

  it('that has invited the candidate already is believed in each of the three ways to say so', async () => {
    const refusing = await setUp({ repeat: 'refuse' });
    await refusing.invite();
    expect(await refusing.adapter.invite(refusing.order())).toMatchObject({ ok: false, kind: 'refused' });
    const same = await setUp({ repeat: 'same' });
    expect((await same.invite()).externalId).toBe((await same.invite()).externalId);
    const another = await setUp({ repeat: 'another' });
    expect((await another.invite()).externalId).not.toBe((await another.invite()).externalId);
  });

  it('that answers a second attempt with the first, which is done, gives no second attempt and no old score for it', async () => {
    const { adapter, partner, order, invite } = await setUp({ repeat: 'same' });
    await invite();
    const second = order({ attempt: 2 });
    expect(await adapter.invite(second)).toMatchObject({ ok: true });
    partner.play.start({ interviewId: idOf(partner) });
    partner.play.submit({ interviewId: idOf(partner), score: 12 });
    expect(await adapter.invite(second)).toMatchObject({
      ok: false,
      kind: 'refused',
      detail: expect.stringContaining('earlier'),
    });
  });

  it('is never sent somewhere else with the key', async () => {
    const { adapter, partner, order } = await setUp();
    const seen: (string | undefined)[] = [];
    const elsewhere = await serveSimulator({
      fetch: (request: Request) => {
        seen.push(request.headers.get('authorization') ?? undefined);
        return Response.json({ partner_interview_id: 'stolen' });
      },
    });
    closers.push(elsewhere.close);
    for (const status of [302, 307])
      for (const call of [() => adapter.invite(order()), () => adapter.check()]) {
        partner.direct.failNext({ kind: 'status', status, headers: { location: `${elsewhere.url}/list_tests` } });
        expect(await call()).toMatchObject({ ok: false });
      }
    expect(seen).toEqual([]);
    expect(partner.interviews()).toEqual([]);
  });

  it('keeps key, address and invitation out of the log', async () => {
    const { adapter, partner, invite, logged } = await setUp();
    await adapter.readReport(await invite());
    partner.play.rotateKey();
    await adapter.check();
    expect(logged()).toContain('/test_status');
    for (const secret of ['Basic', 'ada+jobs', idOf(partner)]) expect(logged()).not.toContain(secret);
  });
});

async function makeSubject(
  settings: Partial<SimulatorSettings> = {},
  preset: 'adaface' | 'own' = 'own',
  ours: object = {},
): Promise<PartnerSubject> {
  let now = new Date('2026-11-21T12:00:00Z');
  const basePath = preset === 'adaface' ? toAdafacePath('northwind') : '';
  const partner = createPartnerSimulator({ now: () => now, fetch: async () => new Response(), basePath, settings });
  const { play, direct } = partner;
  const { java } = partner.seed();
  const served = await serveSimulator(partner.api);
  const host = `127.0.0.1:${served.port}`;
  const lines: string[] = [];
  const note = (fields: object, message: string) => lines.push(`${message} ${JSON.stringify(fields)}`);
  const log = { debug: note, warn: note };
  const clients = createContractHttp();
  const http = clients.to({ testHosts: [host], allowedHosts: [host], log });
  const reportHosts = preset === 'own' ? ['adaface.com'] : [];
  const wanted = { kind: 'partner', preset, baseUrl: `${served.url}${basePath}`, reportHosts, ...ours };
  const ourSettings = partnerSettingsSchema.parse(wanted);
  const interviewOf = ({ email }: InvitationOrder) =>
    partner.interviews().findLast((one) => one.candidate.email === email)?.id ?? '';

  return {
    partner,
    logged: () => lines.join('\n'),
    adapter: createPartnerAdapter({ http, settings: ourSettings, apiKey: partner.apiKey(), clock: { now: () => now } }),
    webhooks: partnerWebhooks,
    account: null,
    now: () => now,
    passTime: (ms) => {
      now = new Date(now.getTime() + ms);
    },
    assessment: { vendor: 'partner', externalId: java, name: 'Java developer', kind: 'test' },
    needsProfile: true,
    calls: () => partner.journal.list({ kind: 'api' }).length,
    openInvitations: (email) =>
      partner.interviews().filter(({ candidate, state }) => candidate.email === email && state === 'sent').length,
    async start(order) {
      play.start({ interviewId: interviewOf(order) });
      return null;
    },
    async finish(order) {
      play.submit({ interviewId: interviewOf(order) });
      await partner.settle();
      return null;
    },
    testDelivery: async () => null,
    forgeries: () => [],
    async break(how) {
      clients.expect(how);
      direct.failNext({ times: FAR_MORE_CALLS_THAN_A_TEST_MAKES, ...toFailure(how) });
    },
    loseNextAnswer: async () => direct.failNext({ when: 'after', kind: 'reset' }),
    async close() {
      direct.clearFailures();
      await served.close();
    },
  };
}

function toFailure(how: Breakage) {
  return how.kind === 'html' ? { kind: 'html' as const, status: 200 } : how;
}
