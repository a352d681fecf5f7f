import { coderbyteSettingsSchema, greenhouseSettingsSchema, leverSettingsSchema } from '../../../lib/contract/settings.ts';
import { createGreenhouseAdapter } from '../../../server/ats/greenhouse/index.ts';
import { createGreenhouseV1Adapter } from '../../../server/ats/greenhouse-v1/index.ts';
import { NOTHING_KEPT } from '../../../server/ats/kept-names.ts';
import { leverKey } from '../../../server/ats/lever/credential.ts';
import { createLeverAdapter } from '../../../server/ats/lever/index.ts';
import type { AtsAdapter, WriteTarget } from '../../../server/ats/port.ts';
import type { HttpRequest } from '../../../server/outbound/http.ts';
import { UNLIMITED } from '../../../server/outbound/rate-limiter.ts';
import { createCoderbyteAdapter } from '../../../server/vendors/coderbyte/index.ts';
import { createCoderbyteSimulator } from '../../simulators/coderbyte/index.ts';
import { toPresetMap } from '../../simulators/coderbyte/preset-map.ts';
import { createGreenhouseSimulator } from '../../simulators/greenhouse/greenhouse-simulator.ts';
import { createLeverSimulator } from '../../simulators/lever/index.ts';
import { makeInvitation, makeOrder } from '../../support/make-order.ts';
import { createMemoryTokenStore } from '../../support/memory-token-store.ts';
import { createInProcessHttp } from './in-process-http.ts';

/** The answer of the simulator on its way to the adapter. */
export type OnAnswer = (text: string, request: HttpRequest) => string;

/** One system outside, one person whom the calls are about, and another whom nothing may happen to. */
export interface UpstreamSubject {
  name: string;
  /** Every method of the port that leads outside. A result `ok: false` is an answer; only throwing is not. */
  methods: Record<string, () => Promise<unknown>>;
  /** Ids of the person, and those of the other one in their place. */
  swaps: readonly (readonly [string, string])[];
  applicationId: string;
  /** How many calls so far asked to change something. */
  writes(): number;
  /** Everything that could have been changed of the other person, as text. */
  bystander(): string;
}

const QUICK = { rateLimit: 1_000_000, tokenRateLimit: 1_000_000 };
const now = () => new Date('2026-11-21T12:00:00Z');
const clock = { now };
const API = 'https://upstream.example';
const noFetch: typeof fetch = async () => new Response();

export function greenhouseSubject(api: 'v3' | 'v1', onAnswer: OnAnswer): UpstreamSubject {
  const greenhouse = createGreenhouseSimulator({ now, fetch: noFetch, settings: QUICK });
  const seeds = greenhouse.seed();
  const { world } = greenhouse;
  const stages = seeds.stages.backend;
  const person = (name: string) => {
    const candidate = greenhouse.createCandidate({
      firstName: name,
      lastName: 'Moreno',
      email: `${name}@mail.example`,
      tags: ['Senior SWE'],
    });
    const application = greenhouse.createApplication({
      candidateId: candidate.id,
      jobId: seeds.jobs.backend,
      stageId: stages['Phone Screen'],
    });
    return { candidateId: candidate.id, applicationId: application.id };
  };
  const [one, other] = [person('ada'), person('bea')];
  const recruiter = greenhouse.createUser({
    firstName: 'Rosa',
    lastName: 'Lindqvist',
    email: 'rosa@mail.example',
    siteAdmin: true,
  });
  const settings = greenhouseSettingsSchema.parse({
    ...{ kind: 'greenhouse', api, apiUrl: API, authUrl: API },
    serviceUserId: api === 'v1' ? `${recruiter.id}` : '',
  });
  const shared = {
    limiter: UNLIMITED,
    http: createInProcessHttp(greenhouse.api, { clock, onAnswer }),
    settings,
    clock,
    connectionId: 'connection-1',
  };
  // Made anew for each call: names that were learnt from a broken answer must not serve the next.
  const make = (): AtsAdapter =>
    api === 'v1'
      ? createGreenhouseV1Adapter({ ...shared, apiKey: key })
      : createGreenhouseAdapter({ ...shared, ...greenhouse.credential, tokens: createMemoryTokenStore() });
  const key = greenhouse.v1Keys.create().key;
  const target = { applicationId: `${one.applicationId}`, candidateId: `${one.candidateId}` };
  const { 'Phone Screen': screen, Assessment: assessment } = stages;
  const isAt = () => world.currentStage(world.applications.get(one.applicationId))?.id;
  return {
    name: `Greenhouse ${api}`,
    methods: atsMethods(make, target, () => ({
      fromStageId: `${isAt()}`,
      toStageId: `${isAt() === screen ? assessment : screen}`,
      stageIds: [`${screen}`, `${assessment}`],
    })),
    swaps: [
      [`${one.applicationId}`, `${other.applicationId}`],
      [`${one.candidateId}`, `${other.candidateId}`],
    ],
    applicationId: target.applicationId,
    writes: () => countWrites(greenhouse.journal.list({ kind: 'api' })),
    bystander: () =>
      JSON.stringify([
        world.tagsOf(other.candidateId),
        world.notes.list(({ candidateId }) => candidateId === other.candidateId),
        world.currentStage(world.applications.get(other.applicationId))?.id,
      ]),
  };
}

export function leverSubject(onAnswer: OnAnswer): UpstreamSubject {
  const lever = createLeverSimulator({ now, fetch: noFetch, settings: { rateLimit: null } });
  const seeds = lever.seed();
  const { stages } = seeds;
  const person = (name: string) => {
    const contact = lever.play.createContact({ name: `${name} Moreno`, emails: [`${name}@mail.example`] });
    const wanted = {
      contactId: contact.id,
      postingId: seeds.postings.backend,
      stageId: stages.phoneScreen,
      tags: ['Senior SWE'],
    };
    return lever.play.createOpportunity(wanted);
  };
  const [one, other] = [person('ada'), person('bea')];
  const settings = leverSettingsSchema.parse({ kind: 'lever', apiUrl: `${API}/v1`, performAs: seeds.users.admin });
  const make = () =>
    createLeverAdapter({
      ...{ http: createInProcessHttp(lever.api, { clock, onAnswer }), settings, clock, connectionId: 'connection-1' },
      credential: leverKey(seeds.key.secret),
      keptNames: NOTHING_KEPT,
      limiter: UNLIMITED,
    });
  const target = { applicationId: one.id, candidateId: one.contact };
  return {
    name: 'Lever',
    methods: atsMethods(make, target, () => ({
      fromStageId: one.stage,
      toStageId: one.stage === stages.phoneScreen ? stages.assessment : stages.phoneScreen,
      stageIds: [stages.phoneScreen, stages.assessment],
    })),
    swaps: [
      [one.id, other.id],
      [one.contact, other.contact],
    ],
    applicationId: one.id,
    writes: () => countWrites(lever.journal.list({ kind: 'api' })),
    bystander: () => {
      const notes = [...lever.account.notes.values()].filter(({ opportunityId }) => opportunityId === other.id);
      return JSON.stringify([other.tags, other.stage, other.archived, notes, lever.account.contacts.get(other.contact)]);
    },
  };
}

export function coderbyteSubject(onAnswer: OnAnswer): UpstreamSubject {
  const coderbyte = createCoderbyteSimulator({ now, fetch: noFetch });
  const { seniorSwe } = coderbyte.seed();
  const settings = coderbyteSettingsSchema.parse({
    ...{ kind: 'coderbyte', organizationId: coderbyte.organizationId },
    map: toPresetMap(API),
  });
  const http = createInProcessHttp(coderbyte.api, { clock, onAnswer });
  const adapter = createCoderbyteAdapter({ http, settings, apiKey: coderbyte.apiKey(), clock });
  const assessment = { externalId: seniorSwe };
  const other = { assessmentExternalId: seniorSwe, email: 'bea@mail.example' };
  let invited = 0;
  return {
    name: 'Coderbyte',
    methods: {
      listAssessments: () => adapter.listAssessments(),
      check: () => adapter.check(),
      invite: () => {
        invited += 1;
        return adapter.invite({ ...makeOrder(assessment), email: `ada.${invited}@mail.example` });
      },
      findInvitation: () => adapter.findInvitation(makeOrder(assessment)),
      readReport: () =>
        adapter.readReport(
          makeInvitation({ assessmentExternalId: seniorSwe, email: `ada.${Math.max(invited, 1)}@mail.example` }),
        ),
      cancel: () =>
        adapter.cancel(makeInvitation({ assessmentExternalId: seniorSwe, email: `ada.${Math.max(invited, 1)}@mail.example` })),
    },
    swaps: [],
    applicationId: '',
    writes: () => countWrites(coderbyte.journal.list({ kind: 'api' })),
    bystander: () => JSON.stringify(coderbyte.invitations().filter(({ email }) => email === other.email)),
  };
}

function countWrites(calls: readonly { what: string }[]): number {
  return calls.filter(({ what }) => !what.startsWith('GET ') && !/ \/(token|introspect)/.test(what)).length;
}

interface Place {
  fromStageId: string;
  toStageId: string;
  stageIds: string[];
}

function atsMethods(
  make: () => AtsAdapter,
  target: Required<Pick<WriteTarget, 'applicationId' | 'candidateId'>>,
  place: () => Place,
) {
  let notes = 0;
  const since = new Date('2026-11-20T12:00:00Z');
  const all = async (list: AsyncIterable<unknown>) => {
    const found: unknown[] = [];
    for await (const one of list) found.push(one);
    return found.at(-1) ?? { ok: true };
  };
  const { operations } = make();
  const methods: Record<string, () => Promise<unknown>> = {
    readSnapshot: () => make().readSnapshot(target.applicationId),
    findApplications: () => make().findApplications(target.candidateId ?? ''),
    findChangedSince: () => all(make().findChangedSince({ since, stageIds: place().stageIds })),
    listStages: () => make().listStages(),
    listDispositionReasons: () => make().listDispositionReasons(),
    addTag: () => make().addTag(target, 'Backend take-home'),
    removeTag: () => make().removeTag(target, 'Backend take-home'),
    writeNote: () => {
      notes += 1;
      return make().writeNote(target, { text: `A note. (TA-${notes})`, reference: `TA-${notes}` });
    },
    findNote: () => make().findNote(target, `TA-${Math.max(notes, 1)}`),
    moveToStage: () => make().moveToStage(target, place()),
    check: () => make().check(),
  };
  for (const name of ['listUsers', 'listJobs', 'listFields', 'listFeedbackForms'] as const)
    if (operations[name]) methods[name] = async () => (await make().operations[name]?.()) ?? { ok: true };
  if (operations.findDeletedSince) methods.findDeletedSince = () => all(make().operations.findDeletedSince?.(since) ?? none());
  return methods;
}

async function* none(): AsyncGenerator<never> {}
