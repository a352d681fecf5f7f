import type {
  AtsUserList,
  Code,
  MailView,
  MemberRow,
  ReasonsView,
  StagesView,
  VendorCatalogue,
} from '../../../components/admin/use-settings.ts';
import type { AccessReport } from '../../../lib/contract/access.ts';
import type { ActivityEntry } from '../../../lib/contract/activity.ts';
import type { MemberAtsUser } from '../../../lib/contract/pairing.ts';
import {
  type AssessmentView,
  type ConnectionView,
  connectionSettingsSchema,
  type OutgoingHookView,
  type Overview,
  type RulesView,
  type WebhookView,
} from '../../../lib/contract/settings.ts';
import type { FeedbackFormsView, FieldsView } from '../../../lib/contract/write-back.ts';
import type { DispositionMeaning } from '../../../lib/domain/outcome.ts';

export interface SetUp {
  pairingCode: string;
  overview: Overview;
  connections: ConnectionView[];
  assessments: AssessmentView[];
  rules: RulesView;
  mail: MailView;
  members: MemberRow[];
  codes: Code[];
  hooks: OutgoingHookView[];
  stages: Record<string, StagesView>;
  reasons: Record<string, ReasonsView>;
  catalogue: VendorCatalogue;
  /** By connection: what a look finds; and where somebody looked already. */
  access: Record<string, AccessReport>;
  looked: Set<string>;
  /** What may be written into, by connection. */
  fields: Record<string, FieldsView>;
  feedbackForms: Record<string, FeedbackFormsView>;
  /** Newest first. */
  activity: ActivityEntry[];
  /** By connection. */
  atsUsers: Record<string, AtsUserList>;
}

/** When all of this is looked at. */
export const NOW = Date.parse('2026-11-21T14:02:00.000Z');
const before = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();
const DAY = 24 * 60;

/** A company in the middle of setting Tagalong up: Greenhouse runs, Lever lacks a token, one vendor has the API, one takes links. */
export function createSetUp(): SetUp {
  return {
    pairingCode: 'ABCD-EFGH-JKMN',
    overview: overview(),
    connections: [greenhouse(), lever(), coderbyte(), byteboard()],
    atsUsers: atsUsers(),
    activity: activity(),
    assessments: assessments(),
    rules: {
      sendOnStageEntry: true,
      cancelOnLeaving: true,
      advanceOnPass: false,
      holdSeconds: 10,
      automaticHoldSeconds: 0,
      leavingGraceMinutes: 5,
      tagRecheckSeconds: 30,
      inheritedTagsCount: false,
      onResult: [],
    },
    mail: { configured: true, from: 'Acme Hiring <hiring@acme.example>', host: 'smtp.acme.example', bounce: '', template: null },
    members: members(),
    hooks: [],
    codes: codes(),
    stages: { gh: greenhouseStages(), lv: leverStages() },
    reasons: { gh: reasons(), lv: reasons() },
    access: { gh: greenhouseAccess(), lv: leverAccess() },
    looked: new Set(),
    fields: { gh: greenhouseFields() },
    feedbackForms: { lv: leverForms() },
    catalogue: {
      listed: true,
      assessments: [
        { externalId: 'senior-swe-9six08', name: 'Senior SWE', kind: 'test', durationMinutes: 90 },
        { externalId: 'backend-2b81kq', name: 'Backend services', kind: 'test', durationMinutes: 60 },
        { externalId: 'pairing-77xy', name: 'Pairing interview', kind: 'live interview', durationMinutes: 45 },
      ],
    },
  };
}

function greenhouseFields(): FieldsView {
  const field = (
    fieldId: string,
    name: string,
    more: Partial<FieldsView['fields'][number]> = {},
  ): FieldsView['fields'][number] => ({
    fieldId,
    name,
    on: 'application',
    type: 'text',
    choices: [],
    ...more,
  });
  return {
    fields: [
      field('501', 'Assessment status', { type: 'choice', choices: ['Sent', 'Started', 'Submitted', 'Scored'] }),
      field('502', 'Assessment score', { type: 'number' }),
      field('503', 'Remarks of the hiring team', { on: 'candidate' }),
    ],
  };
}

function leverForms(): FeedbackFormsView {
  return {
    forms: [
      {
        formId: 'f-assessment',
        name: 'Assessment result',
        scores: ['1 - Strong No Hire', '2 - No Hire', '3 - Hire', '4 - Strong Hire'],
      },
      { formId: 'f-phone', name: 'Phone screen', scores: ['1 - No', '2 - Yes'] },
    ],
  };
}

function greenhouseAccess(): AccessReport {
  const right = (name: string, state: AccessReport['rights'][number]['state'], purpose: string, needed = true) => ({
    name: `harvest:${name}`,
    state,
    needed,
    purpose,
  });
  return {
    connection: 'Greenhouse',
    examinedAt: before(2),
    ok: false,
    summary: 'Missing: harvest:notes:create, harvest:applications:move.',
    rights: [
      right('applications:list', 'granted', 'Reading applications: their stage, job and state'),
      right('candidates:list', 'granted', 'Reading candidates: name and e-mail address for the invitation'),
      right('notes:create', 'missing', 'Notes about invitations and results'),
      right('applications:move', 'missing', 'Moving candidates on to the next stage'),
      right('users:list', 'missing', 'Finding the ATS user of each of your people', false),
      right('candidates:destroy', 'unneeded', 'Nothing that Tagalong does', false),
    ],
    facts: [
      { id: 'credential', state: 'good', text: 'Greenhouse accepts the credential.' },
      {
        id: 'acting-user',
        state: 'bad',
        text: 'The user in whose name Tagalong reads is not a Site Admin of Greenhouse, so candidates are hidden from it. Make it a Site Admin in Greenhouse.',
      },
      { id: 'allowance', state: 'good', text: '61 of 75 calls are left for the next 12 s at Greenhouse.' },
      { id: 'webhook', state: 'unknown', text: 'unhire_candidate: nothing received so far.' },
    ],
  };
}

function leverAccess(): AccessReport {
  const right = (name: string, state: AccessReport['rights'][number]['state'], purpose: string, needed: boolean) => {
    return { name, state, needed, purpose };
  };
  return {
    connection: 'Lever',
    examinedAt: before(2),
    ok: true,
    summary: 'Nothing is known to be missing. Needed, and only a trial on a test candidate can tell: 1.',
    rights: [
      right(
        'Opportunities: Read (Retrieve a single opportunity)',
        'granted',
        'Reading applications: their stage, job and state',
        true,
      ),
      right('Notes: Write (Create a note)', 'unknown', 'Notes about invitations and results', true),
      right('Notes: Read (List all notes)', 'missing', 'Looking whether a note is there after its answer was lost', false),
    ],
    facts: [{ id: 'credential', state: 'good', text: 'Lever accepts the credential.' }],
  };
}

function overview(): Overview {
  return {
    company: 'Acme',
    publicUrl: 'https://tagalong.example.com',
    version: '0.1.0',
    warnings: [],
    steps: [
      { id: 'ats', state: 'ready', text: 'Connected: Greenhouse, Lever.' },
      { id: 'vendor', state: 'ready', text: 'Connected: Coderbyte, Byteboard.' },
      { id: 'assessment', state: 'ready', text: 'Ready to send: "Senior SWE", "Platform project".' },
      { id: 'stages', state: 'needs-you', text: 'Say in which stage of Lever assessments are sent.' },
      { id: 'reasons', state: 'needs-you', text: 'Say what the disposition reasons of Lever mean.' },
      { id: 'webhooks', state: 'needs-you', text: 'Lever sends nothing yet: set up its webhook "candidateStageChange".' },
      { id: 'mail', state: 'ready', text: 'E-mails go out by smtp.acme.example.' },
      {
        id: 'rules',
        state: 'ready',
        text: 'Invitations go out by themselves when a candidate with an assessment tag enters the stage.',
      },
      { id: 'people', state: 'ready', text: '3 people use Tagalong.' },
    ],
  };
}

type WebhookParts = Partial<WebhookView> & Pick<WebhookView, 'id' | 'event' | 'purpose' | 'secretFrom'>;

function webhook(parts: WebhookParts): WebhookView {
  return {
    required: true,
    url: `https://tagalong.example.com/hooks/${parts.id}-Jw3nq0tYh5mVxC8sR1bKzD7uPfLgA2eT`,
    path: `/hooks/${parts.id}-Jw3nq0tYh5mVxC8sR1bKzD7uPfLgA2eT`,
    previous: [],
    lastSeenAt: null,
    lastTestAt: null,
    lastRefusedAt: null,
    lastRefusedBecause: null,
    ...parts,
    secrets: [...(parts.secrets ?? [])],
  };
}

const connection = (
  parts: Omit<ConnectionView, 'createdAt' | 'enabled' | 'troubles' | 'notes' | 'checkedAt' | 'account' | 'consent'> &
    Partial<ConnectionView>,
) => ({
  createdAt: before(9 * DAY),
  enabled: true,
  troubles: [],
  notes: [],
  checkedAt: null,
  account: null,
  consent: null,
  ...parts,
});

function greenhouse(): ConnectionView {
  const ours = { secretFrom: 'ours', secrets: [{ id: 's1', lastFour: 'k3pd', addedAt: before(8 * DAY) }] } as const;
  const secrets = [...ours.secrets];
  return connection({
    id: 'gh',
    kind: 'greenhouse',
    side: 'ats',
    name: 'Greenhouse',
    settings: connectionSettingsSchema.parse({ kind: 'greenhouse', serviceUserId: '4012345' }),
    secrets: [
      { name: 'clientId', lastFour: '9f2c' },
      { name: 'clientSecret', lastFour: 'Qm7x' },
    ],
    state: 'ready',
    checkedAt: before(12),
    account: 'Acme, service user 4012345',
    webhooks: [
      webhook({
        ...ours,
        secrets,
        id: 'w1',
        event: 'candidate_stage_change',
        purpose: 'Without it, stage changes are only found by the sweep, and invitations go out late.',
        lastSeenAt: before(3),
        lastTestAt: before(8 * DAY),
      }),
      webhook({
        ...ours,
        secrets,
        id: 'w2',
        event: 'reject_candidate',
        purpose: 'Without it, rejections are only found by the sweep, and open invitations are cancelled late.',
        lastTestAt: before(8 * DAY),
        lastRefusedAt: before(95),
        lastRefusedBecause: 'It was signed with another secret. Enter the same one on both sides.',
      }),
      webhook({
        ...ours,
        secrets,
        id: 'w3',
        event: 'update_candidate',
        purpose: 'Without it, a new tag or e-mail address is noticed only when something else changes.',
        required: false,
      }),
    ],
  });
}

function lever(): ConnectionView {
  return connection({
    id: 'lv',
    kind: 'lever',
    side: 'ats',
    name: 'Lever',
    settings: connectionSettingsSchema.parse({ kind: 'lever' }),
    secrets: [{ name: 'apiKey', lastFour: 'a81b' }],
    state: 'needs-you',
    troubles: ['The webhook "candidateStageChange" of Lever has no secret yet, so everything it sends is refused.'],
    webhooks: [
      webhook({
        id: 'w4',
        event: 'candidateStageChange',
        purpose: 'Without it assessments are only sent when the sweep notices the new stage.',
        secretFrom: 'theirs',
      }),
      webhook({
        id: 'w5',
        event: 'candidateArchiveChange',
        purpose: 'Without it open invitations are cancelled and outcomes recorded only when the sweep notices the archiving.',
        secretFrom: 'theirs',
        secrets: [{ id: 's2', lastFour: '77fe', addedAt: before(30) }],
        lastTestAt: before(28),
      }),
    ],
  });
}

function coderbyte(): ConnectionView {
  return connection({
    id: 'cb',
    kind: 'coderbyte',
    side: 'vendor',
    name: 'Coderbyte',
    settings: connectionSettingsSchema.parse({
      kind: 'coderbyte',
      organizationId: 'acmehiring',
      map: {
        baseUrl: 'https://api.vendor.example',
        endpoints: { invite: { method: 'POST', path: '/given/by/the/vendor', fields: { id: 'data.id' } } },
      },
    }),
    secrets: [{ name: 'apiKey', lastFour: '55d0' }],
    state: 'ready',
    webhooks: [
      webhook({
        id: 'w6',
        event: 'assessment_completed',
        purpose: 'Without it a finished assessment is noticed only by asking Coderbyte, where an endpoint map allows that.',
        secretFrom: 'key',
        secrets: [{ id: 'apiKey', lastFour: '55d0', addedAt: before(9 * DAY) }],
        lastSeenAt: before(DAY),
      }),
    ],
  });
}

function byteboard(): ConnectionView {
  return connection({
    id: 'bb',
    kind: 'byteboard',
    side: 'vendor',
    name: 'Byteboard',
    settings: { kind: 'byteboard' },
    secrets: [],
    state: 'ready',
    webhooks: [
      webhook({
        id: 'w7',
        event: 'result',
        purpose: 'Without it progress is not seen and results are entered in the panel by hand.',
        secretFrom: 'ours',
        required: false,
      }),
    ],
  });
}

function assessments(): AssessmentView[] {
  return [
    {
      id: 'a1',
      vendorConnectionId: 'cb',
      vendorName: 'Coderbyte',
      externalId: 'senior-swe-9six08',
      name: 'Senior SWE',
      kind: 'test',
      durationMinutes: 90,
      tag: 'Senior SWE',
      passMark: 70,
      deadlineDays: 7,
      remindDays: [5, 2],
      linkTemplate: null,
      linkFrom: 'template',
      links: null,
      warnings: [],
      handover: 'vendor e-mail',
      archived: false,
      troubles: [],
    },
    {
      id: 'a2',
      vendorConnectionId: 'bb',
      vendorName: 'Byteboard',
      externalId: 'Platform project',
      name: 'Platform project',
      kind: 'take-home project',
      durationMinutes: null,
      tag: 'Platform project',
      passMark: null,
      deadlineDays: 10,
      remindDays: [],
      linkTemplate: 'https://byteboard.dev/take/platform?ref={invitation}',
      linkFrom: 'template',
      links: null,
      warnings: [],
      handover: 'our e-mail',
      archived: false,
      troubles: ['Invitations by e-mail need a mail server. Set one up under Mail.'],
    },
    {
      id: 'a3',
      vendorConnectionId: 'cb',
      vendorName: 'Coderbyte',
      externalId: 'old-1',
      name: 'Old screen',
      kind: 'test',
      durationMinutes: 30,
      tag: 'Screen 2024',
      passMark: 50,
      deadlineDays: 7,
      remindDays: [],
      linkTemplate: null,
      linkFrom: 'template',
      links: null,
      warnings: [],
      handover: 'vendor e-mail',
      archived: true,
      troubles: [],
    },
  ];
}

const BEN_IN_GREENHOUSE: NonNullable<MemberAtsUser['user']> = {
  userId: '4080123',
  name: 'Ben Okafor',
  emails: ['ben@example.com'],
  roleName: 'Site Admin',
  sees: 'all',
};

function atsUsers(): Record<string, AtsUserList> {
  const user = (userId: string, name: string, active = true) => ({
    userId,
    name,
    emails: [`${name.split(' ')[0]?.toLowerCase()}@example.com`],
    roleName: 'Team Member',
    sees: 'all' as const,
    active,
  });
  return {
    gh: { users: [{ ...BEN_IN_GREENHOUSE, active: true }], triedAt: before(3), trouble: null },
    lv: {
      users: [user('u-ada', 'Ada Lovelace'), user('u-ben', 'Ben Okafor'), user('u-gil', 'Gil Roy', false)],
      triedAt: before(3),
      trouble: null,
    },
  };
}

function members(): MemberRow[] {
  const gh = { connectionId: 'gh', connectionName: 'Greenhouse', ats: 'greenhouse' as const };
  const lv = { connectionId: 'lv', connectionName: 'Lever', ats: 'lever' as const };
  const member = (parts: Partial<MemberRow> & Pick<MemberRow, 'id' | 'name' | 'role'>): MemberRow => ({
    createdAt: before(9 * DAY),
    lastSeenAt: null,
    revokedAt: null,
    isYou: false,
    device: '',
    email: null,
    atsUsers: [],
    ...parts,
  });
  return [
    member({ id: 'm1', name: 'Ada Lovelace', role: 'admin', isYou: true, lastSeenAt: before(0), device: 'Chrome on Linux' }),
    member({
      id: 'm2',
      name: 'Ben Okafor',
      role: 'recruiter',
      lastSeenAt: before(18),
      device: 'Firefox on macOS',
      email: 'ben@example.com',
      atsUsers: [
        { ...gh, how: 'e-mail', user: BEN_IN_GREENHOUSE, isMissing: false },
        { ...lv, how: 'none', user: null, isMissing: true },
      ],
    }),
    member({ id: 'm3', name: 'נועה לוי', role: 'viewer', lastSeenAt: before(3 * DAY), device: 'Chrome on Windows' }),
    member({ id: 'm4', name: 'Cleo Fox', role: 'recruiter', revokedAt: before(2 * DAY), device: 'Chrome on Windows' }),
  ];
}

function codes(): Code[] {
  const code = (parts: Partial<Code> & Pick<Code, 'id' | 'role' | 'state'>): Code => ({
    note: '',
    email: null,
    createdAt: before(60),
    expiresAt: new Date(NOW + 23 * 60 * 60_000).toISOString(),
    usedBy: null,
    ...parts,
  });
  return [
    code({ id: 'c1', role: 'recruiter', state: 'waiting', note: 'Dana' }),
    code({ id: 'c2', role: 'recruiter', state: 'used', usedBy: 'Ben Okafor', createdAt: before(8 * DAY) }),
    code({ id: 'c3', role: 'viewer', state: 'expired', createdAt: before(6 * DAY) }),
  ];
}

function greenhouseStages(): StagesView {
  const jobs = [
    { id: 'j1', name: 'Backend Engineer' },
    { id: 'j2', name: 'Platform Engineer' },
    { id: 'j3', name: 'Data Scientist' },
  ];
  const names = ['Application Review', 'Recruiter Screen', 'Assessment', 'Onsite', 'Reference Check', 'Offer'];
  const roles: StagesView['roles'] = [
    { stageId: null, stageName: 'Assessment', role: 'assessment' },
    { stageId: null, stageName: 'Onsite', role: 'onsite' },
    { stageId: null, stageName: 'Take-home 2023', role: 'assessment' },
  ];
  const stages = jobs.flatMap((job) =>
    names
      .filter((name) => name !== 'Reference Check' || job.id === 'j1')
      .map((name) => ({
        stageId: `${job.id}-${name}`,
        name,
        job,
        role: roles.find(({ stageName }) => stageName === name)?.role ?? null,
      })),
  );
  return { stages, roles };
}

function leverStages(): StagesView {
  const names = ['New lead', 'Reached out', 'New applicant', 'Recruiter screen', 'Assessment', 'On-site interview', 'Offer'];
  return { stages: names.map((name, at) => ({ stageId: `stage-${at}`, name, job: null, role: null })), roles: [] };
}

function reasons(): ReasonsView {
  const reason = (
    name: string,
    suggested: DispositionMeaning | null,
    parts: Partial<ReasonsView['reasons'][number]> = {},
  ): ReasonsView['reasons'][number] => ({ reasonId: name.toLowerCase(), name, active: true, meaning: null, suggested, ...parts });
  return {
    reasons: [
      reason('Withdrew', 'withdrew'),
      reason('Hired', 'accepted'),
      reason('Offer declined', 'declined'),
      reason('Underqualified', 'rejected', { meaning: 'rejected' }),
      reason('Position closed', 'not applicable'),
      reason('Other', null),
      reason('Moved to another office', null, { active: false }),
    ],
  };
}

function activity(): ActivityEntry[] {
  const by = (kind: string, name: string, id: string | null = null) => ({ kind, name, id });
  const ada = { applicationKey: 'a1', name: 'Ada Moreno', job: 'Backend Engineer', erased: false };
  const blank = { candidate: null, connection: null, why: [], changes: [], hash: 'f'.repeat(64) };
  return [
    {
      ...blank,
      id: '4',
      seq: null,
      at: before(1),
      who: by('member', 'Ada Lovelace', 'm1'),
      action: 'connection.changed',
      what: 'Connection changed',
      connection: { id: 'gh', name: 'Greenhouse' },
      changes: [
        { field: 'secret client secret', before: '… ab12', after: '… 9Qz7' },
        { field: 'deadline', before: null, after: '2026-12-24T16:30:00.000Z' },
      ],
    },
    {
      ...blank,
      id: '3',
      seq: 3,
      at: before(20),
      who: by('system', 'Tagalong'),
      action: 'invitation.sent',
      what: 'Invitation sent',
      candidate: ada,
      why: ['Coderbyte sent the invitation to ada@example.com.'],
    },
    {
      ...blank,
      id: '2',
      seq: 2,
      at: before(21),
      who: by('rule', 'A rule'),
      action: 'stage.entered',
      what: 'Candidate entered a stage',
      candidate: ada,
      why: ['Sent: entered "Assessment" with tag "Senior SWE".'],
    },
    {
      ...blank,
      id: '1',
      seq: 1,
      at: before(3 * DAY),
      who: by('webhook', 'Coderbyte, by webhook', 'cb'),
      action: 'result.reported',
      what: 'Result reported',
      candidate: { applicationKey: 'a2', name: null, job: null, erased: true },
    },
  ];
}
