import { PATHS } from '../../../lib/contract/paths.ts';
import { assessmentViewSchema, connectionViewSchema } from '../../../lib/contract/settings.ts';
import type { VendorKind } from '../../../lib/domain/assessment.ts';
import type { Mail } from '../../../server/outbound/mailer.ts';
import type { WorldOptions } from '../../simulators/world.ts';
import { connectCodesignal } from '../../support/connect-codesignal.ts';
import { connectHackerrank } from '../../support/connect-hackerrank.ts';
import type { OutsideCall } from './short-way.ts';
import type { StillOffice } from './still-office.ts';

/** One assessment of a vendor as a check plays with it: what its candidates do, and what it saw of us. */
export interface VendorSeat {
  kind: VendorKind;
  /** Set where the vendor makes the invitation, and our own e-mail hands it over. */
  byOurMail?: true;
  assessmentId: string;
  /** The assessment tag; it is the assessment's name, too. */
  tag: string;
  /** The addresses that were invited, one for each time, in lower case. Where the e-mail is ours: that were written to. */
  invited(): string[];
  /**
   * Whether this call asks for an invitation. Of a vendor that refuses a second one, so that what it has does not show that it was asked
   * for too many.
   */
  asks?(call: OutsideCall): boolean;
  /** The candidate begins. Nothing where nobody of this address is invited, or it is too late. */
  start(email: string): void;
  /** Hands in what was begun, good enough or not. */
  submit(email: string, good: boolean): void;
  /** What waits at the vendor is sent; left out where nothing waits. */
  flush?(): Promise<void>;
}

/** Of an e-mail of ours these are all that is known outside. */
export interface Outside {
  mails: readonly Mail[];
}

/** How a vendor is put into a company, once for each way of handing over. A new vendor is one more of these in `VENDOR_SEATS`. */
export interface VendorSeatMaker {
  kind: VendorKind;
  /** What the world needs to have for it. */
  world: Omit<WorldOptions, 'now'>;
  connect(office: StillOffice, outside: Outside): Promise<VendorSeat[]>;
}

const GOOD = 91;
const BAD = 12;

/** Those whom we wrote an e-mail with such a link. */
const writtenTo = ({ mails }: Outside, link: string) =>
  mails.filter(({ text }) => text.includes(link)).map(({ to }) => to.toLowerCase());

const coderbyte: VendorSeatMaker = {
  kind: 'coderbyte',
  world: {},
  async connect({ world: { coderbyte: vendor, seeds }, company }, outside) {
    const seatAt = (assessmentId: string) => {
      const of = (email: string) =>
        vendor.invitations().findLast((one) => one.assessmentId === assessmentId && one.email.toLowerCase() === email);
      return {
        of,
        asks: ({ method, path }: OutsideCall) => method === 'POST' && path.endsWith(`/assessments/${assessmentId}/invitations`),
        start(email: string) {
          if (of(email)?.state === 'invited') vendor.play.start({ assessmentId, email });
        },
        submit(email: string, good: boolean) {
          if (of(email)?.state === 'joined') vendor.play.submit({ assessmentId, email, finalScore: good ? GOOD : BAD });
        },
      };
    };
    const { seniorSwe } = company.assessments;
    const { of: _, ...ofVendor } = seatAt(seeds.coderbyte.seniorSwe);
    const name = 'Platform engineer';
    const { id: externalId } = vendor.play.createAssessment({ name, type: 'test', minutes: 90 });
    const assessment = await company.api.call(assessmentViewSchema, 'POST', PATHS.assessments, {
      ...{ vendorConnectionId: company.connections.coderbyte.id, externalId, name, tag: name, handover: 'our e-mail' },
      ...{ passMark: 70, durationMinutes: 90 },
    });
    const { of, ...ofOurs } = seatAt(externalId);
    const link = 'coderbyte.com/sl-candidate?invite=';
    return [
      {
        ...{ kind: 'coderbyte', assessmentId: seniorSwe.id, tag: seniorSwe.tag, ...ofVendor },
        invited: () => vendor.invitations().map(({ email }) => email.toLowerCase()),
      },
      {
        ...{ kind: 'coderbyte', byOurMail: true, assessmentId: assessment.id, tag: assessment.tag, ...ofOurs },
        invited: () => writtenTo(outside, link),
        start(email) {
          // Whoever was not written to has no link.
          if (writtenTo(outside, `${link}${of(email)?.key}`).includes(email)) ofOurs.start(email);
        },
      },
    ];
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
    return [
      {
        ...{ kind: 'byteboard', assessmentId: id, tag },
        invited: () => writtenTo(outside, 'byteboard.dev/i/'),
        start: (email) => report(email, { state: 'started' }),
        submit: (email, good) => report(email, { state: 'scored', rating: good ? 'Strong' : 'Poor' }),
      },
    ];
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
    return [
      {
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
      },
    ];
  },
};

const codesignal: VendorSeatMaker = {
  kind: 'codesignal',
  world: { codesignal: { settings: { queriesPerSecond: null, mutationsPerSecond: null } } },
  async connect(office) {
    const { codesignal: vendor, assessment, sessionsOf, deliver } = await connectCodesignal(office);
    const of = (email: string) => sessionsOf(email).at(-1);
    return [
      {
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
      },
    ];
  },
};

const hackerrank: VendorSeatMaker = {
  kind: 'hackerrank',
  world: { hackerrank: { settings: { callsPerSecond: null } } },
  async connect(office, outside) {
    const { hackerrank: vendor, assessment, connection, tests } = await connectHackerrank(office);
    const seatAt = (testId: string) => {
      const of = (email: string) => vendor.candidates().findLast((one) => one.testId === testId && one.email === email);
      return {
        of,
        asks: ({ method, path }: OutsideCall) => method === 'POST' && path.endsWith(`/tests/${testId}/candidates`),
        start(email: string) {
          const candidate = of(email);
          if (candidate?.state === 'invited' && !candidate.isCancelled) vendor.play.start({ candidateId: candidate.id });
        },
        submit(email: string, good: boolean) {
          const candidate = of(email);
          if (candidate?.state === 'started') vendor.play.submit({ candidateId: candidate.id, score: good ? GOOD : BAD });
        },
      };
    };
    const { of: _, ...ofVendor } = seatAt(tests.backend);
    const name = 'Site reliability';
    const { id: externalId } = vendor.play.createTest({ name, minutes: 90, cutoffScore: 70 });
    const ours = await office.company.api.call(assessmentViewSchema, 'POST', PATHS.assessments, {
      ...{ vendorConnectionId: connection.id, externalId, name, tag: name, handover: 'our e-mail' },
    });
    const { of, ...ofOurs } = seatAt(externalId);
    const link = `/tests/${externalId}/login?b=`;
    return [
      {
        ...{ kind: 'hackerrank', assessmentId: assessment.id, tag: assessment.tag, ...ofVendor },
        // By its mails: whoever is invited by force once more stays the same candidate.
        invited: () => vendor.mails().map(({ to }) => to.toLowerCase()),
      },
      {
        ...{ kind: 'hackerrank', byOurMail: true, assessmentId: ours.id, tag: ours.tag, ...ofOurs },
        invited: () => writtenTo(outside, link),
        start(email) {
          // Whoever was not written to has no link.
          if (writtenTo(outside, `${link}${of(email)?.loginKey}`).includes(email)) ofOurs.start(email);
        },
      },
    ];
  },
};

/** Every vendor of the registry; held against it when a crowd's office opens. */
export const VENDOR_SEATS: readonly VendorSeatMaker[] = [coderbyte, byteboard, partner, codesignal, hackerrank];
