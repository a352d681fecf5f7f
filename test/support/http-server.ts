import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { pino } from 'pino';
import type { ConnectionKind } from '../../lib/contract/settings.ts';
import type { MemberRole } from '../../lib/domain/member.ts';
import type { AtsAdapter, AtsConsent } from '../../server/ats/port.ts';
import { readConfig } from '../../server/config.ts';
import { createApp } from '../../server/http/app.ts';
import type { App } from '../../server/http/app-env.ts';
import type { HttpParts } from '../../server/http/http-parts.ts';
import { issueCode } from '../../server/http/issue-code.ts';
import { redeemCode } from '../../server/http/redeem-code.ts';
import { SILENT_METER } from '../../server/metrics/meter.ts';
import { systemRandom } from '../../server/random.ts';
import type { Services } from '../../server/services.ts';
import { createSealer } from '../../server/storage/seal.ts';
import type { VendorAdapter } from '../../server/vendors/port.ts';
import { createTestDatabase } from './test-database.ts';

export interface TestClock {
  now(): Date;
  advance(ms: number): void;
}

export interface CallOptions {
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
  remoteAddress?: string;
}

export interface TestHttpServer {
  app: App;
  services: Services;
  clock: TestClock;
  /** What was logged so far. */
  log(): string;
  /** A member of this role, with a token. */
  join(role: MemberRole, name?: string): Promise<{ id: string; token: string }>;
  /** One request; a body is sent as JSON. */
  call(method: string, path: string, options?: CallOptions): Promise<Response>;
  drop(): Promise<void>;
}

export interface TestHttpOptions {
  environment?: Record<string, string>;
  ats?: Partial<AtsAdapter>;
  consent?: Partial<AtsConsent>;
  /** What an ATS says to credentials that are not stored yet; without it they are good. */
  tryAts?: HttpParts['tryAts'];
  /** May throw an ApiError, as for a connection that lacks a credential. */
  vendor?: (connectionId: string) => Partial<VendorAdapter> | Promise<Partial<VendorAdapter>>;
  extra?: (app: App, services: Services, pool: Pool) => void;
}

const EVENTS: Record<
  ConnectionKind,
  HttpParts['webhookEventsOf'] extends (kind: ConnectionKind) => infer Events ? Events : never
> = {
  greenhouse: [{ name: 'candidate_stage_change', purpose: 'Sends when a candidate enters a stage', required: true }],
  lever: [
    { name: 'candidateStageChange', purpose: 'Sends when a candidate enters a stage', required: true },
    { name: 'candidateArchiveChange', purpose: 'Records the outcome', required: false },
  ],
  coderbyte: [{ name: 'assessment_completed', purpose: 'Brings the result', required: true }],
  partner: [],
  hackerrank: [{ name: 'result', purpose: 'Brings the result', required: false }],
  codesignal: [{ name: 'all events', purpose: 'Brings the result', required: false }],
  byteboard: [{ name: 'result', purpose: 'Brings the result', required: false }],
};

/** The HTTP side on a database of its own, with adapters that answer what the test says. */
export async function createTestHttpServer(options: TestHttpOptions = {}): Promise<TestHttpServer> {
  const { db, pool, drop } = await createTestDatabase();
  const clock = createTestClock();
  const lines: string[] = [];
  const services: Services = {
    config: readConfig(options.environment ?? {}),
    clock,
    random: systemRandom,
    log: pino({}, { write: (line: string) => void lines.push(line) }),
    db,
    sealer: createSealer(randomBytes(32)),
    meter: SILENT_METER,
  };
  const app = createApp(services, createParts(options), (it) => options.extra?.(it, services, pool));
  return {
    app,
    services,
    clock,
    log: () => lines.join(''),
    drop,
    join: (role, name = role) => join(services, role, name),
    call: async (method, path, { token, body, headers = {}, remoteAddress } = {}) =>
      app.request(
        path,
        {
          method,
          headers: {
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...headers,
          },
          ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        },
        remoteAddress === undefined ? {} : { incoming: { socket: { remoteAddress } } },
      ),
  };
}

function createTestClock(): TestClock {
  let now = Date.parse('2026-03-02T09:00:00Z');
  return {
    now: () => new Date(now),
    advance: (ms) => {
      now += ms;
    },
  };
}

async function join(services: Services, role: MemberRole, name: string) {
  const { shown } = await issueCode(services.db, services, { role, note: '', createdBy: null });
  const came = await redeemCode(services, { typed: shown, name, device: 'Chrome on Linux', origin: null });
  if (came.kind !== 'welcome') throw new Error(`The code was refused: ${came.kind}`);
  return { id: came.member.id, token: came.token };
}

function createParts({ ats = {}, consent = {}, tryAts, vendor }: TestHttpOptions): HttpParts {
  return {
    // A test gives the methods that it needs; calling another one fails the test.
    connector: { ats: async () => ({ ok: true, value: { operations: {}, changeRights: {}, ...ats } as AtsAdapter }) },
    connectAts: async () => ({ check: answers, ...ats }) as AtsAdapter,
    connectSetUp: async () => ({ ...(ats as AtsAdapter), isSetUpKeyDead: null, webhooks: null }),
    tryAts: tryAts ?? (async () => ({ ok: true, value: null })),
    tryFields: async () => (await ats.operations?.listFields?.()) ?? { ok: false, kind: 'misconfigured', detail: '' },
    connectConsent: async () => consent as AtsConsent,
    connectDoctor: () => Promise.reject(new Error('No test of this kind asks the doctor')),
    connectVendor: async (id) => ({ ...LINK_VENDOR, ...(await vendor?.(id)) }) as VendorAdapter,
    webhookEventsOf: (kind) => EVENTS[kind],
  };
}

/** What is saved is checked; a test that is about something else need not answer that. */
const answers = async () => ({ ok: true as const, value: { account: null } });

const LINK_VENDOR: Partial<VendorAdapter> = {
  check: answers,
  capabilities: {
    invite: 'link',
    inviteStory: 'key',
    listsAssessments: false,
    cancels: false,
    results: 'by-hand',
    webhookTrust: 'none',
    emailedBy: ['us', 'nobody'],
    correlation: 'our-id',
    retakes: true,
    extraTime: 'none',
    reportsStarted: false,
    reportsExpiry: false,
    scoreScale: 'rating',
    webhookProof: 'none',
  },
};
