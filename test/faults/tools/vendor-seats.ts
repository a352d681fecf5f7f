import { PATHS } from '../../../lib/contract/paths.ts';
import { assessmentViewSchema, connectionViewSchema } from '../../../lib/contract/settings.ts';
import type { VendorKind } from '../../../lib/domain/assessment.ts';
import type { Mail } from '../../../server/outbound/mailer.ts';
import type { WorldOptions } from '../../simulators/world.ts';
import { connectCodesignal } from '../../support/connect-codesignal.ts';
import { connectHackerrank } from '../../support/connect-hackerrank.ts';
import type { StillOffice } from './still-office.ts';

/** One vendor of a company as a check plays with it: what its candidates do, and what it saw of us. */
export interface VendorSeat {
  kind: VendorKind;
  assessmentId: string;
  /** The assessment tag; it is the assessment's name, too. */
  tag: string;
  /** The addresses that were invited, one for each time, in lower case. For a vendor by link: that were written to. */
  invited(): string[];
  /** The candidate begins. Nothing where nobody of this address is invited, or it is too late. */
  start(email: string): void;
  /** Hands in what was begun, good enough or not. */
  submit(email: string, good: boolean): void;
  /** What waits at the vendor is sent; left out where nothing waits. */
  flush?(): Promise<void>;
}

/** Of a vendor by link the mails are all that is known outside. */
export interface Outside {
  mails: readonly Mail[];
}

/** How a vendor is put into a company. A new vendor is one more of these in `VENDOR_SEATS`. */
export interface VendorSeatMaker {
  kind: VendorKind;
  /** What the world needs to have for it. */
  world: Omit<WorldOptions, 'now'>;
  connect(office: StillOffice, outside: Outside): Promise<VendorSeat>;
}

const GOOD = 91;
const BAD = 12;

const coderbyte: VendorSeatMaker = {
  kind: 'coderbyte',
  world: {},
  async connect({ world: { coderbyte: vendor, seeds }, company }) {
    const assessmentId = seeds.coderbyte.seniorSwe;
    const stateOf = (email: string) => vendor.invitations().find((one) => one.email.toLowerCase() === email)?.state;
    return {
      ...{ kind: 'coderbyte', assessmentId: company.assessments.seniorSwe.id, tag: company.assessments.seniorSwe.tag },
      invited: () => vendor.invitations().map(({ email }) => email.toLowerCase()),
      start(email) {
        if (stateOf(email) === 'invited') vendor.play.start({ assessmentId, email });
      },
      submit(email, good) {
        if (stateOf(email) === 'joined') vendor.play.submit({ assessmentId, email, finalScore: good ? GOOD : BAD });
      },
    };
  },
};

const byteboard: VendorSeatMaker = {
  kind: 'byteboard',
  world: {},
  async connect({ world: { byteboard: vendor }, company }, outside) {
    const { id, tag } = company.assessments.backendTakeHome;
    const linkOf = (email: string) => {
      const text = outside.mails.find(({ to }) => to.toLowerCase() === email)?.text ?? '';
      return /byteboard\.dev\/i\/([\w-]+)/.exec(text)?.[1];
    };
    const report = (email: string, more: { state: 'started' } | { state: 'scored'; rating: 'Strong' | 'Poor' }) => {
      const invitation = linkOf(email);
      if (invitation) void vendor.sendResult({ invitation, ...more });
    };
    return {
      ...{ kind: 'byteboard', assessmentId: id, tag },
      invited: () => outside.mails.filter(({ text }) => text.includes('byteboard.dev/i/')).map(({ to }) => to.toLowerCase()),
      start: (email) => report(email, { state: 'started' }),
      submit: (email, good) => report(email, { state: 'scored', rating: good ? 'Strong' : 'Poor' }),
    };
  },
};

const partner: VendorSeatMaker = {
  kind: 'partner',
  world: { partner: {} },
  async connect({ world, company: { api } }) {
    const { partner: vendor, seeds, urls } = world;
    if (!vendor || !seeds.partner || !urls.vendorApis.partner) throw new Error('a world without a partner');
    const tag = 'Java developer';
    const connection = await api.call(connectionViewSchema, 'POST', PATHS.connections, {
      name: 'Partner',
      settings: { kind: 'partner', baseUrl: urls.vendorApis.partner },
      secrets: { apiKey: vendor.apiKey() },
    });
    const assessment = await api.call(assessmentViewSchema, 'POST', PATHS.assessments, {
      ...{ vendorConnectionId: connection.id, externalId: seeds.partner.java, name: tag, tag, handover: 'vendor e-mail' },
      passMark: 70,
    });
    const of = (email: string) => vendor.interviews().findLast(({ candidate }) => candidate.email.toLowerCase() === email);
    return {
      ...{ kind: 'partner', assessmentId: assessment.id, tag },
      invited: () => vendor.interviews().map(({ candidate }) => candidate.email.toLowerCase()),
      start(email) {
        const interview = of(email);
        if (interview?.state === 'sent') vendor.play.start({ interviewId: interview.id });
      },
      submit(email, good) {
        const interview = of(email);
        if (interview?.state === 'started') vendor.play.submit({ interviewId: interview.id, score: good ? GOOD : BAD });
      },
    };
  },
};

const codesignal: VendorSeatMaker = {
  kind: 'codesignal',
  world: { codesignal: { settings: { queriesPerSecond: null, mutationsPerSecond: null } } },
  async connect(office) {
    const { codesignal: vendor, assessment, sessionsOf, deliver } = await connectCodesignal(office);
    const of = (email: string) => sessionsOf(email).at(-1);
    return {
      ...{ kind: 'codesignal', assessmentId: assessment.id, tag: assessment.tag },
      invited: () => vendor.sessions().map(({ email }) => email?.toLowerCase() ?? ''),
      start(email) {
        const session = of(email);
        if (session?.status === 'pending') vendor.play.start({ sessionId: session.id });
      },
      submit(email, good) {
        const session = of(email);
        if (session?.status === 'active') vendor.play.submit({ sessionId: session.id, share: good ? 0.95 : 0.1 });
      },
      flush: deliver,
    };
  },
};

const hackerrank: VendorSeatMaker = {
  kind: 'hackerrank',
  world: { hackerrank: { settings: { callsPerSecond: null } } },
  async connect(office) {
    const { hackerrank: vendor, assessment, candidatesOf } = await connectHackerrank(office);
    const of = (email: string) => candidatesOf(email).at(-1);
    return {
      ...{ kind: 'hackerrank', assessmentId: assessment.id, tag: assessment.tag },
      // By its mails: whoever is invited by force once more stays the same candidate.
      invited: () => vendor.mails().map(({ to }) => to.toLowerCase()),
      start(email) {
        const candidate = of(email);
        if (candidate?.state === 'invited' && !candidate.isCancelled) vendor.play.start({ candidateId: candidate.id });
      },
      submit(email, good) {
        const candidate = of(email);
        if (candidate?.state === 'started') vendor.play.submit({ candidateId: candidate.id, score: good ? GOOD : BAD });
      },
    };
  },
};

/** Every vendor of the registry; held against it when a crowd's office opens. */
export const VENDOR_SEATS: readonly VendorSeatMaker[] = [coderbyte, byteboard, partner, codesignal, hackerrank];
