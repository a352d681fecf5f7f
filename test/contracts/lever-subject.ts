import { leverSettingsSchema } from '../../lib/contract/settings.ts';
import { NOTHING_KEPT } from '../../server/ats/kept-names.ts';
import type { LeverCredential } from '../../server/ats/lever/credential.ts';
import { createLeverAdapter, leverWebhooks } from '../../server/ats/lever/index.ts';
import type { Clock } from '../../server/clock.ts';
import type { HttpClient } from '../../server/outbound/http.ts';
import { UNLIMITED } from '../../server/outbound/rate-limiter.ts';
import type { WebhookRequest } from '../../server/webhooks/verdict.ts';
import { serveSimulator } from '../simulators/frame/serve.ts';
import { createLeverSimulator, type LeverSimulator } from '../simulators/lever/index.ts';
import type { LeverPermission } from '../simulators/lever/types.ts';
import type { Breakage, SignedDelivery } from './ats-contract.ts';
import type { AtsOperationsSubject, OperationName } from './ats-operations-contract.ts';
import { createContractHttp } from './contract-http.ts';

const WRITE_METHODS = ['POST', 'PUT', 'DELETE'];
const FAR_MORE_CALLS_THAN_A_TEST_MAKES = 100_000;

export interface LeverAtHand {
  lever: LeverSimulator;
  http: HttpClient;
  clock: Clock;
  apiUrl: string;
}
export type ConnectLever = (at: LeverAtHand) => Promise<LeverCredential>;

/** The right that each operation cannot do without. */
const RIGHT_OF: Partial<Record<OperationName, LeverPermission>> = {
  listJobs: 'postings:read',
  updateNote: 'notes:write',
  deleteNote: 'notes:write',
  findFile: 'files:read',
  attachFile: 'files:write',
  addLink: 'opportunities:write',
  removeLink: 'opportunities:write',
  listFeedbackForms: 'feedback_templates:read',
  findFeedback: 'feedback:read',
  writeFeedback: 'feedback:write',
  advance: 'opportunities:write',
  reject: 'opportunities:write',
  unreject: 'opportunities:write',
  hire: 'opportunities:write',
};

/** One Lever adapter with its fresh simulator; `connect` says with which credential. */
export async function createLeverSubject(connect: ConnectLever): Promise<AtsOperationsSubject> {
  let now = new Date('2026-10-05T09:00:00.000Z');
  const received: WebhookRequest[] = [];
  const receive: typeof fetch = async (_url, init) => {
    received.push({ headers: {}, body: Buffer.from(String(init?.body)) });
    return new Response();
  };
  // The clock stands still between the tests' steps, and a standing clock refills no allowance.
  const settings = { rateLimit: null, deliver: 'deliver' as const };
  const lever = createLeverSimulator({ now: () => now, fetch: receive, settings });
  const { play, direct, account } = lever;
  const assessment = play.createStage({ text: 'Assessment' });
  const onsite = play.createStage({ text: 'Onsite' });
  const posting = play.createPosting({ text: 'Senior Backend Engineer', team: 'Platform', location: 'Berlin' });
  const declined = play.createArchiveReason({ text: 'Underqualified' });
  const withdrew = play.createArchiveReason({ text: 'Withdrew' });
  const hired = play.createArchiveReason({ text: 'Hired', type: 'hired' });
  const otherPosting = play.createPosting({ text: 'Data Scientist', team: 'Insights', location: 'Remote' });
  const recruiter = play.createUser({ name: 'Marcus Oyelaran', email: 'marcus@company.example', accessRole: 'team member' });
  const form = play.createFeedbackTemplate({ text: 'Assessment result' });
  const webhook = play.addWebhook({ event: 'candidateStageChange', url: 'https://tagalong.example/hook' });

  const served = await serveSimulator(lever.api);
  const host = `127.0.0.1:${served.port}`;
  const log = { debug: () => undefined, warn: () => undefined };
  const clients = createContractHttp();
  const http = clients.to({ testHosts: [host], allowedHosts: [host], log });

  const apiUrl = `${served.url}/v1`;
  lever.direct.configure({ audience: `${apiUrl}/` });
  const credential = await connect({ lever, http, clock: { now: () => now }, apiUrl });

  const lastDelivery = async (): Promise<SignedDelivery> => {
    await lever.settle();
    const request = received.at(-1);
    if (!request || webhook.signatureToken === null) throw new Error('Nothing was delivered');
    return { request, secret: webhook.signatureToken };
  };
  const applyFor = (contactId: string, tags: string[] = []) => play.createOpportunity({ contactId, postingId: posting.id, tags });

  return {
    adapter: createLeverAdapter({
      http,
      settings: leverSettingsSchema.parse({ kind: 'lever', apiUrl, performAs: recruiter.id }),
      credential,
      clock: { now: () => now },
      connectionId: 'connection-1',
      keptNames: NOTHING_KEPT,
      limiter: UNLIMITED,
    }),
    webhooks: leverWebhooks,
    now: () => now,
    passTime: (ms) => {
      now = new Date(now.getTime() + ms);
    },
    stages: {
      first: { id: 'applicant-new', name: 'New applicant' },
      assessment: { id: assessment.id, name: 'Assessment' },
      onsite: { id: onsite.id, name: 'Onsite' },
    },
    job: { id: posting.id, name: 'Senior Backend Engineer' },
    reasons: { declined: { id: declined.id, name: 'Underqualified' } },
    inheritedTag: 'Platform',
    unknownApplicationId: '00000000-0000-4000-8000-000000000000',
    rowsForThreePages: 201,

    async apply({ name, emails, tags }) {
      const contact = play.createContact({ name, emails });
      return { applicationId: applyFor(contact.id, tags).id, candidateId: contact.id };
    },
    applyAgain: async (candidateId) => ({ applicationId: applyFor(candidateId).id }),
    move: async (opportunityId, stageId) => play.move({ opportunityId, stageId }),
    tag: async ({ applicationId }, text) => play.tag({ opportunityId: applicationId, tags: [text] }),
    archive: async (opportunityId, reasonId) => play.archive({ opportunityId, reasonId }),
    hire: async (opportunityId) => play.hire({ opportunityId }),

    async see({ applicationId }) {
      const opportunity = account.opportunities.get(applicationId);
      const notes = [...account.notes.values()].filter((note) => note.opportunityId === applicationId);
      const texts = notes.flatMap(({ comments }) => comments.map(({ value }) => value));
      return { tags: opportunity?.tags ?? [], stageId: opportunity?.stage ?? null, notes: texts };
    },

    async break(calls, how) {
      const methods = calls === 'reads' ? ['GET'] : WRITE_METHODS;
      clients.expect(how, ({ method }) => methods.includes(method));
      for (const method of methods) direct.failNext({ method, times: FAR_MORE_CALLS_THAN_A_TEST_MAKES, answer: toAnswer(how) });
    },
    loseNextAnswer: async () => direct.failNext({ method: 'POST', when: 'after', answer: { kind: 'reset' } }),

    otherJob: { id: otherPosting.id, firstStageId: 'applicant-new' },
    otherReason: { id: withdrew.id },
    hiring: { openingId: null, reasonId: hired.id, startsAt: null },
    fields: null,
    feedback: { formId: form.id, authorUserId: recruiter.id, score: '3 - Hire' },
    async look({ applicationId }) {
      const opportunity = account.opportunities.get(applicationId);
      const here = <T extends { opportunityId: string }>(rows: Map<string, T>) =>
        [...rows.values()].filter((row) => row.opportunityId === applicationId);
      const reason = opportunity?.archived?.reason ?? null;
      const isHired = reason !== null && account.archiveReasons.get(reason)?.type === 'hired';
      return {
        status: isHired ? 'hired' : reason === null ? 'active' : 'archived',
        reasonId: reason,
        jobId: opportunity?.postingId ?? null,
        stageId: opportunity?.stage ?? null,
        notes: here(account.notes).flatMap(({ comments }) => comments.map(({ value }) => value)),
        links: [...(account.contacts.get(opportunity?.contact ?? '')?.links ?? [])],
        files: here(account.files).map(({ name, bytes }) => ({ name, size: bytes.length })),
        fields: {},
        feedback: here(account.feedback).map(({ fieldValues }) => {
          const valuesOf = (type: string) => {
            const ids = form.fields.filter((field) => field.type === type).map(({ id }) => id);
            return fieldValues.filter(({ id }) => ids.includes(id)).map(({ value }) => String(value));
          };
          return { score: valuesOf('score-system')[0] ?? null, texts: valuesOf('textarea') };
        }),
      };
    },
    async loseNextWrite() {
      for (const method of WRITE_METHODS) direct.failNext({ method, when: 'after', answer: { kind: 'reset' } });
    },
    async forbid(operation) {
      const right = RIGHT_OF[operation];
      const keys = [...account.keys, ...[...account.oauth.accessTokens.values()].map(({ key }) => key)];
      for (const key of keys) key.permissions = new Set([...key.permissions].filter((permission) => permission !== right));
    },
    remove: async (opportunityId) => play.deleteOpportunity({ opportunityId }),

    async delivery(opportunityId) {
      const isThere = account.opportunities.get(opportunityId)?.stage === assessment.id;
      play.move({ opportunityId, stageId: isThere ? onsite.id : assessment.id });
      return lastDelivery();
    },
    async testDelivery() {
      await direct.verifyConnection({ webhookId: webhook.id });
      return lastDelivery();
    },
    forgeries: ({ request }) => {
      const body: Record<string, unknown> = JSON.parse(new TextDecoder().decode(request.body));
      const altered = (what: string, change: Record<string, unknown>) => ({
        what,
        request: { ...request, body: Buffer.from(JSON.stringify({ ...body, ...change })) },
      });
      // The data is not covered by Lever's signature: altered data stays authentic, and is re-read for that reason.
      return [
        altered('another token', { token: 'f'.repeat(48) }),
        altered('another time', { triggeredAt: now.getTime() + 1 }),
        altered('no signature', { signature: undefined }),
        altered('a made-up signature', { signature: '0'.repeat(64) }),
        altered('unsigned and empty, like a test', { signature: undefined, data: {} }),
      ];
    },

    async close() {
      direct.clearFailures({});
      await served.close();
    },
  };
}

function toAnswer(how: Breakage) {
  if (how.kind === 'html') return { kind: 'html' as const, status: 200 };
  if (how.kind === 'status') return { ...how, body: { code: 'Planned', message: 'planned failure' } };
  return how;
}
