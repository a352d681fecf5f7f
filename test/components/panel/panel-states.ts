import type { OutboxItem, PanelState } from '../../../lib/contract/messages.ts';
import type { AssessmentChoice, Happening, InvitationView, PanelView, ResultView } from '../../../lib/contract/panel.ts';
import type { CandidateReference } from '../../../lib/domain/candidate-reference.ts';

/** Examples of everything the panel can be told, for its tests and for the preview. The time is always this: */
export const NOW = Date.parse('2025-11-21T14:02:00Z');

const MINUTE_MS = 60_000;
export const ago = (minutes: number) => new Date(NOW - minutes * MINUTE_MS).toISOString();
export const ahead = (minutes: number) => ago(-minutes);

export type ApplicationView = Extract<PanelView, { kind: 'application' }>;

export const PAGE: CandidateReference = { ats: 'lever', host: 'hire.lever.co', kind: 'application', applicationId: 'opp-1' };
export const PERSON_PAGE: CandidateReference = {
  ats: 'greenhouse',
  host: 'app.greenhouse.io',
  kind: 'person',
  candidateId: '77',
};

export function choice(part: Partial<AssessmentChoice> = {}): AssessmentChoice {
  return {
    id: 'senior',
    name: 'Senior SWE',
    tag: 'Senior SWE',
    vendorName: 'Coderbyte',
    kind: 'test',
    durationMinutes: 90,
    deadlineDays: 7,
    handover: 'vendor e-mail',
    onCandidate: false,
    recentlyUsed: false,
    unusableBecause: null,
    isRetake: false,
    ...part,
  };
}

export const CHOICES = [
  choice(),
  choice({
    id: 'frontend',
    name: 'Frontend take-home',
    tag: 'Frontend',
    kind: 'take-home project',
    durationMinutes: 240,
    recentlyUsed: true,
  }),
  choice({
    id: 'byte',
    name: 'Backend interview',
    tag: 'Byteboard BE',
    vendorName: 'Byteboard',
    handover: 'our e-mail',
    recentlyUsed: true,
  }),
  choice({ id: 'data', name: 'Data engineering', tag: 'Data', durationMinutes: 60 }),
  choice({
    id: 'old',
    name: 'SRE screening',
    tag: 'SRE',
    durationMinutes: 45,
    unusableBecause: 'Coderbyte is switched off. An admin can switch it on under Vendors.',
  }),
];

export function invitation(part: Partial<InvitationView> = {}): InvitationView {
  return {
    id: 'inv-1',
    assessmentId: 'senior',
    assessmentName: 'Senior SWE',
    tag: 'Senior SWE',
    vendorName: 'Coderbyte',
    kind: 'test',
    email: 'ada@example.com',
    attempt: 1,
    state: 'sent',
    unverified: false,
    by: { name: 'Grace', isYou: true, isRule: false },
    dueAt: null,
    createdAt: ago(130),
    sentAt: ago(129),
    startedAt: null,
    submittedAt: null,
    closedAt: null,
    expiresAt: ahead(5 * 24 * 60),
    handover: 'vendor e-mail',
    trouble: null,
    result: null,
    actions: ['cancel'],
    ...part,
  };
}

export function result(part: Partial<ResultView> = {}): ResultView {
  return {
    version: 1,
    status: 'final',
    verified: true,
    score: { value: 80, max: 100 },
    percent: 80,
    rating: null,
    passed: true,
    passMark: 70,
    verdict: null,
    breakdown: [
      { kind: 'skill', name: 'Algorithms', score: { value: 9, max: 10 }, rating: null },
      { kind: 'skill', name: 'System design', score: { value: 7, max: 10 }, rating: null },
      { kind: 'task', name: 'Bracket matcher', score: { value: 8, max: 10 }, rating: null },
    ],
    integrity: { status: 'clear', signals: [] },
    notes: null,
    reportUrl: 'https://coderbyte.com/report/abc',
    timeExpired: false,
    reportedAt: ago(12),
    enteredBy: null,
    ...part,
  };
}

export function happening(part: Partial<Happening> = {}): Happening {
  return { id: 'h1', at: ago(0), text: 'Stage "Assessment" was entered.', tone: 'info', mend: null, ...part };
}

export function application(part: Partial<ApplicationView> = {}): ApplicationView {
  return {
    kind: 'application',
    key: 'lever:opp-1',
    version: 1,
    reference: PAGE,
    candidateName: 'Ada Lovelace',
    firstName: 'Ada',
    emails: ['ada@example.com'],
    jobName: 'Backend Engineer',
    stageName: 'Assessment',
    stageId: 'assessment',
    changes: [],
    nextStageName: null,
    stageRole: 'assessment',
    status: 'active',
    atsName: 'Lever',
    outcome: { nextStep: 'pending', offerStatus: 'none' },
    moveTarget: null,
    assessments: CHOICES,
    defaultAssessmentId: 'senior',
    invitations: [],
    happenings: [],
    troubles: [],
    may: { send: true, administer: false },
    holdSeconds: 10,
    readAt: ago(0),
    serverTime: ago(0),
    ...part,
  };
}

export function panelState(part: Partial<PanelState> = {}): PanelState {
  return {
    link: 'live',
    page: PAGE,
    isHint: false,
    contradiction: null,
    view: application(),
    viewAt: ago(0),
    stale: false,
    member: { id: 'm1', name: 'Grace Hopper', role: 'recruiter' },
    outbox: [],
    trouble: null,
    ...part,
  };
}

/** The state of one application, everything else as usual. */
export const showing = (part: Partial<ApplicationView>): PanelState => panelState({ view: application(part) });

const outboxItem = (part: Partial<OutboxItem> = {}): OutboxItem => ({
  actionId: 'a1',
  applicationKey: 'lever:opp-1',
  kind: 'send',
  text: 'Send "Senior SWE" to Ada Lovelace',
  clickedAt: ago(6),
  needsConfirmation: false,
  ...part,
});

const SENT_STORY = [
  happening({
    id: 's3',
    at: ago(129),
    text: 'Coderbyte took the invitation for ada@example.com. It is open until Nov 28.',
    tone: 'done',
  }),
  happening({ id: 's2', at: ago(130), text: 'You asked to send "Senior SWE".' }),
  happening({
    id: 's1',
    at: ago(26 * 60),
    text: 'Not sent on entering "Assessment": no assessment tag was on the candidate.',
    tone: 'attention',
  }),
];

const RATING = result({
  score: null,
  percent: null,
  passed: null,
  passMark: null,
  rating: 'Leaning Strong',
  verdict: 'up',
  breakdown: [
    { kind: 'skill', name: 'Technical design', score: null, rating: 'Strong' },
    { kind: 'skill', name: 'Code quality', score: null, rating: 'Leaning Strong' },
    { kind: 'skill', name: 'Communication', score: null, rating: 'Needs Improvement' },
  ],
  integrity: { status: 'not evaluated', signals: [] },
  notes: 'Clear reasoning about trade-offs.\nWould like to see more tests.',
  reportUrl: 'https://app.byteboard.dev/r/1',
  enteredBy: 'Grace Hopper',
});

/** Each screen that the panel has. The name is the picture's file name. */
/** All that an active application may allow. */
export const ALL_CHANGES: ApplicationView['changes'] = ['advance', 'transfer', 'reject', 'hire'];

export const SCREENS = {
  'not-connected': panelState({ link: 'not-connected', view: null, viewAt: null, member: null }),
  revoked: panelState({
    link: 'not-connected',
    view: null,
    viewAt: null,
    member: null,
    trouble: { code: 'revoked', text: 'This browser may no longer use Tagalong.' },
  }),
  loading: panelState({ link: 'connecting', view: null, viewAt: null }),
  'offline-empty': panelState({ link: 'offline', view: null, viewAt: null }),
  offline: panelState({
    link: 'offline',
    stale: true,
    viewAt: ago(37),
    view: application({ invitations: [invitation()], happenings: SENT_STORY }),
  }),
  chooser: panelState({
    page: PERSON_PAGE,
    view: {
      kind: 'chooser',
      candidateName: 'Ada Lovelace',
      applications: [
        { applicationId: '1', candidateId: '77', jobName: 'Backend Engineer', stageName: 'Assessment', status: 'active' },
        {
          applicationId: '2',
          candidateId: '77',
          jobName: 'Engineering Manager, Payments and Ledger Platform',
          stageName: 'Phone screen',
          status: 'archived',
        },
        { applicationId: '3', candidateId: '77', jobName: null, stageName: null, status: 'prospect' },
      ],
    },
  }),
  unavailable: panelState({
    view: {
      kind: 'unavailable',
      code: 'ats-refused',
      text: 'Greenhouse refused to show the candidate: the service user is not a Site Admin. Ask an admin to mend it in Settings > Greenhouse.',
      mend: { kind: 'open-settings', section: 'greenhouse' },
    },
    member: { id: 'm2', name: 'Admin', role: 'admin' },
  }),
  ready: showing({
    happenings: [happening({ text: 'Ada entered the stage "Assessment".' })],
    assessments: [choice({ onCandidate: true }), ...CHOICES.slice(1)],
  }),
  'ready-person': panelState({ page: PERSON_PAGE, view: application({ atsName: 'Greenhouse' }) }),
  contradiction: panelState({ page: null, view: null, viewAt: null, contradiction: 'greenhouse' }),
  review: panelState({ page: PERSON_PAGE, isHint: true, view: application({ atsName: 'Greenhouse' }) }),
  'no-tag': showing({
    defaultAssessmentId: null,
    happenings: [
      happening({
        id: 'n1',
        text: 'Not sent: no assessment tag. Add a tag in Lever, or send one here.',
        tone: 'attention',
        mend: { kind: 'send-now' },
      }),
      happening({ id: 'n0', at: ago(1), text: 'Ada entered the stage "Assessment".' }),
    ],
  }),
  'before-restore': showing({
    happenings: [
      happening({
        id: 'n1',
        text: 'Not sent: entered "Assessment" before Tagalong was restored from a backup, so that an invitation may have gone out already. Look first.',
        tone: 'attention',
        mend: { kind: 'send-now' },
      }),
      happening({ id: 'n0', at: ago(1), text: 'Ada entered the stage "Assessment".' }),
    ],
  }),
  'no-assessments': showing({ assessments: [], defaultAssessmentId: null, may: { send: true, administer: true } }),
  viewer: showing({ may: { send: false, administer: false } }),
  'no-email': showing({
    emails: [],
    happenings: [
      happening({
        text: 'Not sent: there is no e-mail address.',
        tone: 'attention',
        mend: { kind: 'enter-email', assessmentId: 'senior' },
      }),
    ],
  }),
  trouble: showing({
    troubles: [
      {
        text: 'Lever cannot be reached since 13:40. What you send goes out when it is back.',
        mend: { kind: 'check-again' },
      },
    ],
  }),
  held: showing({
    invitations: [invitation({ state: 'held', sentAt: null, dueAt: new Date(NOW + 8000).toISOString(), actions: ['undo'] })],
  }),
  'held-by-other': showing({
    invitations: [
      invitation({
        state: 'held',
        sentAt: null,
        dueAt: new Date(NOW + 6000).toISOString(),
        by: { name: 'Ben', isYou: false, isRule: false },
        actions: ['undo'],
      }),
    ],
  }),
  sending: showing({ invitations: [invitation({ state: 'sending', sentAt: null, actions: [] })] }),
  sent: showing({ invitations: [invitation()], happenings: SENT_STORY }),
  started: showing({
    invitations: [invitation({ state: 'started', startedAt: ago(120), actions: ['cancel'] })],
    happenings: SENT_STORY,
  }),
  'started-unverified': showing({
    invitations: [
      invitation({
        state: 'started',
        startedAt: ago(120),
        unverified: true,
        handover: 'copy link',
        actions: ['cancel', 'copy-link', 'enter-result'],
      }),
    ],
  }),
  'follow-ups': showing({
    invitations: [
      invitation({ actions: ['cancel', 'resend', 'correct-email', 'extend', 'extra-time'], expiresAt: ahead(3 * 1440) }),
    ],
  }),
  'address-refused': showing({
    invitations: [
      invitation({
        state: 'failed',
        closedAt: ago(2),
        isAddressRefused: true,
        trouble: 'Senior SWE was not sent: the mail server refused this: No such mailbox.',
        actions: ['send-again', 'correct-email'],
      }),
    ],
  }),
  'invited-outside': showing({
    invitations: [
      invitation({
        state: 'failed',
        closedAt: ago(2),
        isInvitedOutside: true,
        trouble:
          'Senior SWE was not sent: this person already has an open invitation at Coderbyte, made there by hand or by another Tagalong. Attach that one instead, or cancel it at Coderbyte and send again.',
        actions: ['send-again', 'correct-email'],
      }),
    ],
  }),
  changes: showing({ changes: ALL_CHANGES, nextStageName: 'Onsite', invitations: [invitation({ actions: ['cancel'] })] }),
  archived: showing({
    status: 'archived',
    changes: ['unreject'],
    invitations: [invitation({ state: 'cancelled', closedAt: ago(2), actions: [] })],
    happenings: [
      happening({ id: 'h2', at: ago(2), text: 'Rae archived the candidate: Underqualified.', tone: 'done' }),
      happening({ text: 'Entered "Assessment".' }),
    ],
  }),
  'change-failed': showing({
    changes: ALL_CHANGES,
    invitations: [invitation({ actions: ['cancel'] })],
    happenings: [
      happening({
        text: 'Not archived: Lever refused: our credential lacks the right for this. Ask an admin to mend it in the settings.',
        tone: 'attention',
        mend: { kind: 'change-again', change: 'reject' },
      }),
    ],
  }),
  submitted: showing({
    invitations: [invitation({ state: 'submitted', startedAt: ago(120), submittedAt: ago(20), actions: [] })],
  }),
  result: showing({
    moveTarget: { stageId: 'onsite', name: 'Onsite' },
    invitations: [
      invitation({
        state: 'scored',
        startedAt: ago(120),
        submittedAt: ago(20),
        closedAt: ago(12),
        result: result(),
        actions: ['retake'],
      }),
    ],
    happenings: [
      happening({ id: 'r', at: ago(12), text: 'Coderbyte reported 80 / 100. A note was written in Lever.', tone: 'done' }),
      ...SENT_STORY,
    ],
  }),
  'result-flagged': showing({
    moveTarget: { stageId: 'onsite', name: 'Onsite' },
    invitations: [
      invitation({
        state: 'scored',
        submittedAt: ago(20),
        closedAt: ago(12),
        result: result({
          score: { value: 5.5, max: 10 },
          percent: 55,
          passed: false,
          timeExpired: true,
          status: 'provisional',
          integrity: { status: 'flagged', signals: ['Left the tab 14 times', 'Pasted 120 lines at once'] },
        }),
        actions: ['retake'],
      }),
    ],
  }),
  'result-unverified': showing({
    invitations: [
      invitation({
        state: 'scored',
        unverified: true,
        submittedAt: ago(20),
        closedAt: ago(12),
        result: result({
          score: null,
          percent: null,
          passed: null,
          passMark: null,
          verified: false,
          breakdown: [],
          integrity: { status: 'pending', signals: [] },
        }),
        actions: ['enter-result', 'retake'],
      }),
    ],
  }),
  rating: showing({
    moveTarget: { stageId: 'onsite', name: 'Onsite' },
    invitations: [
      invitation({
        vendorName: 'Byteboard',
        assessmentName: 'Backend interview',
        handover: 'our e-mail',
        state: 'scored',
        closedAt: ago(12),
        result: RATING,
        actions: ['enter-result', 'retake'],
      }),
    ],
  }),
  'link-vendor': showing({
    invitations: [
      invitation({
        vendorName: 'Byteboard',
        assessmentName: 'Backend interview',
        handover: 'copy link',
        actions: ['copy-link', 'enter-result', 'cancel'],
      }),
    ],
  }),
  failed: showing({
    invitations: [
      invitation({
        state: 'failed',
        sentAt: null,
        closedAt: ago(2),
        trouble:
          'Coderbyte refused the invitation: the account has no invitations left this month. Ask an admin to add some, then send again.',
        actions: ['send-again'],
      }),
    ],
  }),
  unconfirmed: showing({
    invitations: [
      invitation({
        state: 'unconfirmed',
        sentAt: null,
        trouble: 'It is not certain that Senior SWE was sent: Coderbyte did not answer. Check with the vendor, or send again.',
        actions: ['send-again', 'mark-sent'],
      }),
    ],
  }),
  'restored-unconfirmed': showing({
    invitations: [
      invitation({
        state: 'unconfirmed',
        sentAt: null,
        trouble:
          'It is not certain that Senior SWE was sent: this data was restored from a backup, and it may have gone out after that was made. Check with the vendor, or send again.',
        actions: ['send-again', 'mark-sent'],
      }),
    ],
  }),
  expired: showing({
    invitations: [invitation({ state: 'expired', closedAt: ago(60), actions: ['retake'] })],
    assessments: CHOICES.map((each) => ({ ...each, isRetake: each.id === 'senior' })),
  }),
  cancelled: showing({
    invitations: [invitation({ state: 'cancelled', startedAt: ago(100), closedAt: ago(60), actions: ['retake'] })],
  }),
  queued: panelState({ link: 'offline', stale: true, viewAt: ago(8), outbox: [outboxItem()] }),
  'queued-late': panelState({ outbox: [outboxItem({ clickedAt: ago(95), needsConfirmation: true })] }),
  'right-to-left': showing({
    candidateName: 'عائشة بنت محمد',
    firstName: 'عائشة',
    jobName: 'مهندسة برمجيات',
    stageName: 'تقييم',
    emails: ['aisha@example.com'],
    invitations: [
      invitation({ email: 'aisha@example.com', attempt: 2 }),
      invitation({ id: 'inv-0', state: 'expired', createdAt: ago(9000), closedAt: ago(5000), actions: [] }),
    ],
  }),
  full: showing({
    candidateName: null,
    jobName: 'Principal Engineer, Distributed Systems and Storage Infrastructure (Remote, EMEA)',
    stageName: 'Take-home and technical assessment',
    status: 'archived',
    invitations: [
      invitation({
        assessmentName: 'A rather long assessment name that does not fit into one line',
        email: 'a.very.long.address.of.a.candidate@subdomain.example.com',
        attempt: 3,
      }),
    ],
    happenings: Array.from({ length: 9 }, (_, index) =>
      happening({ id: `f${index}`, at: ago(index * 400), text: `Line ${9 - index}: the note was written in Lever.` }),
    ),
  }),
} satisfies Record<string, PanelState>;

export type ScreenName = keyof typeof SCREENS;
