import { z } from 'zod';
import { CHANGE_KINDS } from '../domain/application-change.ts';
import { ASSESSMENT_KINDS } from '../domain/assessment.ts';
import { ATS_KINDS } from '../domain/ats.ts';
import { INVITATION_STATES } from '../domain/invitation.ts';
import { MEMBER_ROLES } from '../domain/member.ts';
import { NEXT_STEPS, OFFER_STATUSES } from '../domain/outcome.ts';
import { PASSED_BASES, REVISION_CAUSES } from '../domain/result.ts';
import { STAGE_ROLES } from '../domain/stage-role.ts';

const id = z.string().min(1).max(200);
const time = z.string();

/** What the page's address says; see lib/domain/candidate-reference.ts. */
export const candidateReferenceSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('application'),
    ats: z.enum(ATS_KINDS),
    host: z.string().max(255),
    applicationId: id,
    candidateId: id.optional(),
  }),
  z.object({ kind: z.literal('person'), ats: z.enum(ATS_KINDS), host: z.string().max(255), candidateId: id }),
]);

/** The same as flat query parameters. */
export const candidateQuerySchema = z.object({
  ats: z.enum(ATS_KINDS),
  host: z.string().max(255),
  applicationId: id.optional(),
  candidateId: id.optional(),
});

export const memberSchema = z.object({ id, name: z.string(), role: z.enum(MEMBER_ROLES) });

const scoreSchema = z.object({ value: z.number(), max: z.number().nullable() });

export const resultViewSchema = z.object({
  version: z.number().int(),
  status: z.enum(['provisional', 'final', 'voided']),
  verified: z.boolean(),
  score: scoreSchema.nullable(),
  percent: z.number().nullable(),
  /** 0 to 100: how many of the others did no better, by the vendor's word. */
  percentile: z.number().nullish(),
  rating: z.string().nullable(),
  passed: z.boolean().nullable(),
  /** Who said passed or not, where it was not our own mark. */
  passedBasis: z.enum(PASSED_BASES).optional(),
  passMark: z.number().nullable(),
  verdict: z.enum(['up', 'down']).nullable(),
  /** The thumb is only claimed by an unsigned webhook, though the rest is verified. */
  claimedVerdict: z.literal(true).optional(),
  breakdown: z.array(
    z.object({
      kind: z.enum(['skill', 'task', 'section']),
      name: z.string(),
      score: scoreSchema.nullable(),
      rating: z.string().nullable(),
    }),
  ),
  integrity: z.object({
    status: z.enum(['clear', 'flagged', 'pending', 'not evaluated']),
    level: z.enum(['none', 'low', 'medium', 'high', 'unknown']).optional(),
    signals: z.array(z.string()),
  }),
  notes: z.string().nullable(),
  /** A reviewer's comment at the vendor, plain text. */
  comment: z.string().optional(),
  reportUrl: z.string().nullable(),
  timeExpired: z.boolean(),
  /** How long the candidate worked on it. */
  seconds: z.number().nullish(),
  reportedAt: time,
  enteredBy: z.string().nullable(),
  /** This version takes the place of one that was called final. */
  revision: z.object({ because: z.enum(REVISION_CAUSES) }).optional(),
});
export type ResultView = z.infer<typeof resultViewSchema>;

export const mendSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('send-now'), assessmentId: id.optional() }),
  z.object({ kind: z.literal('send-again'), invitationId: id }),
  z.object({ kind: z.literal('enter-email'), assessmentId: id.optional() }),
  z.object({
    kind: z.literal('open-settings'),
    section: z.enum(['greenhouse', 'lever', 'vendors', 'assessments', 'stages', 'rules']),
  }),
  /** Opens the question of that change once more. */
  z.object({ kind: z.literal('change-again'), change: z.enum(CHANGE_KINDS) }),
  z.object({ kind: z.literal('check-again') }),
]);

/** What the panel may offer for this invitation; a button that cannot work is not in the list. */
export const INVITATION_ACTIONS = [
  'undo',
  'cancel',
  'send-again',
  'copy-link',
  'enter-result',
  'mark-sent',
  'resend',
  'extend',
  'extra-time',
  'correct-email',
  'retake',
  'close-review',
] as const;

export const invitationViewSchema = z.object({
  id,
  assessmentId: id,
  assessmentName: z.string(),
  tag: z.string(),
  vendorName: z.string(),
  kind: z.enum(ASSESSMENT_KINDS),
  email: z.string().describe('Empty where the candidate was anonymised.'),
  attempt: z.number().int(),
  state: z.enum(INVITATION_STATES),
  unverified: z.boolean(),
  by: z.object({ name: z.string(), isYou: z.boolean(), isRule: z.boolean() }),
  /** Held ones: when they go out. */
  dueAt: time.nullable(),
  createdAt: time,
  sentAt: time.nullable(),
  startedAt: time.nullable(),
  submittedAt: time.nullable(),
  closedAt: time.nullable(),
  expiresAt: time.nullable(),
  handover: z.enum(['vendor e-mail', 'our e-mail', 'copy link']),
  /** A sentence: why it failed or is unconfirmed. */
  trouble: z.string().nullable(),
  /** It failed because of the address. */
  isAddressRefused: z.boolean().optional(),
  /** It failed because the vendor has an open one that is not ours. */
  isInvitedOutside: z.boolean().optional(),
  vendorSays: z.string().optional().describe('The vendor’s own word for where it stands, where its meaning is not known.'),
  /** A sentence: what was done by itself on an older version of the result, for a person to check. */
  review: z.string().nullish(),
  result: resultViewSchema.nullable(),
  actions: z.array(z.enum(INVITATION_ACTIONS)),
});
export type InvitationView = z.infer<typeof invitationViewSchema>;

export const assessmentChoiceSchema = z.object({
  id,
  name: z.string(),
  tag: z.string(),
  vendorName: z.string(),
  kind: z.enum(ASSESSMENT_KINDS),
  durationMinutes: z.number().nullable(),
  deadlineDays: z.number().int(),
  handover: z.enum(['vendor e-mail', 'our e-mail', 'copy link']),
  /** The candidate carries the tag already. */
  onCandidate: z.boolean(),
  /** Used lately by this company; the picker shows these first. */
  recentlyUsed: z.boolean(),
  /** A sentence when it cannot be sent now, else null. */
  unusableBecause: z.string().nullable(),
  /** True when an earlier attempt is closed, so that sending again is a deliberate retake. */
  isRetake: z.boolean(),
});
export type AssessmentChoice = z.infer<typeof assessmentChoiceSchema>;

export const happeningSchema = z.object({
  id,
  at: time,
  text: z.string(),
  /** A reason why nothing was done, which deserves to be seen. */
  tone: z.enum(['done', 'info', 'attention']),
  mend: mendSchema.nullable(),
});
export type Happening = z.infer<typeof happeningSchema>;

export const applicationViewSchema = z.object({
  kind: z.literal('application'),
  key: id,
  /** Grows with every change; a lower one than shown is stale. */
  version: z.number().int(),
  reference: candidateReferenceSchema,
  candidateName: z.string().nullable(),
  firstName: z.string().nullable(),
  emails: z.array(z.string()),
  jobName: z.string().nullable(),
  stageName: z.string().nullable(),
  stageRole: z.enum(STAGE_ROLES).nullable(),
  status: z.enum(['active', 'archived', 'hired', 'prospect']),
  atsName: z.string(),
  outcome: z.object({ nextStep: z.enum(NEXT_STEPS), offerStatus: z.enum(OFFER_STATUSES) }),
  /** Where "Move to ..." would go, when an admin has named a stage for it and the candidate is in the assessment stage. */
  moveTarget: z.object({ stageId: id, name: z.string() }).nullable(),
  /** The stage that `stageName` names; goes back with a change, so that it is about what the reader saw. */
  stageId: id.nullable().default(null),
  /** What this member can do with the application here and now; nothing else is offered. */
  changes: z.array(z.enum(CHANGE_KINDS)).default([]),
  /** Where the change `advance` leads, where that is known. */
  nextStageName: z.string().nullable().default(null),
  assessments: z.array(assessmentChoiceSchema),
  defaultAssessmentId: id.nullable(),
  invitations: z.array(invitationViewSchema),
  happenings: z.array(happeningSchema),
  /** Sentences about what does not work just now (ATS cannot be reached, rights missing ...). */
  troubles: z.array(z.object({ text: z.string(), mend: mendSchema.nullable() })),
  may: z.object({ send: z.boolean(), administer: z.boolean() }),
  holdSeconds: z.number(),
  /** When the ATS was last read. */
  readAt: time,
  /** The server's clock when it answered, so that countdowns do not trust the browser's. */
  serverTime: time,
});
export type ApplicationView = z.infer<typeof applicationViewSchema>;

export const chooserViewSchema = z.object({
  kind: z.literal('chooser'),
  candidateName: z.string().nullable(),
  applications: z.array(
    z.object({
      applicationId: id,
      candidateId: id.nullable(),
      jobName: z.string().nullable(),
      stageName: z.string().nullable(),
      status: z.string(),
    }),
  ),
});
export type ChooserView = z.infer<typeof chooserViewSchema>;

/** Nothing can be shown, and why, with what to do about it. */
export const unavailableViewSchema = z.object({
  kind: z.literal('unavailable'),
  code: z.enum([
    'no-connection',
    'connection-off',
    'not-visible',
    'ats-unavailable',
    'ats-refused',
    'no-application',
    'role-excludes',
    'erased',
  ]),
  text: z.string(),
  mend: mendSchema.nullable(),
});

export const panelViewSchema = z.discriminatedUnion('kind', [applicationViewSchema, chooserViewSchema, unavailableViewSchema]);
export type PanelView = z.infer<typeof panelViewSchema>;

/** Carried by every command: what the tab's address says now, and what the panel showed when the recruiter clicked. */
const commandBase = {
  actionId: z.uuid().describe('Made by the caller for each click; the same one again gives the first answer again.'),
  page: candidateReferenceSchema,
  applicationKey: id.describe('`key` of the view that the panel showed; it and the page must mean the same application.'),
  clickedAt: time.describe('ISO 8601. A send that was clicked more than an hour ago has to be confirmed.'),
};

export const sendCommandSchema = z.object({
  ...commandBase,
  assessmentId: id,
  email: z
    .email()
    .max(254)
    .nullable()
    .default(null)
    .describe('Serves this invitation only; null takes the candidate’s first address.'),
  onlyTag: z.boolean().default(false),
  retake: z.boolean().default(false),
  /** The recruiter was told that the click is over an hour old and said "send". */
  confirmedLate: z.boolean().default(false),
  options: z
    .object({ message: z.string().max(2000).optional(), deadlineDays: z.number().int().min(1).max(90).optional() })
    .default({}),
});
export type SendCommand = z.input<typeof sendCommandSchema>;

export const invitationCommandSchema = z.object({ ...commandBase, invitationId: id });
export type InvitationCommand = z.input<typeof invitationCommandSchema>;

/** Names the click itself, so that it can be given before the answer to that click is known, in any order with it, and any number of times. */
export const takeBackCommandSchema = z.object({
  ...commandBase,
  sendActionId: z.uuid().describe('`actionId` of the send that is taken back, whether or not it has come.'),
});
export type TakeBackCommand = z.input<typeof takeBackCommandSchema>;

export const extendCommandSchema = z.object({
  ...commandBase,
  invitationId: id,
  day: z.iso.date().describe('The last day, in UTC as in our e-mails: from today up to 90 days ahead.'),
});
export type ExtendCommand = z.input<typeof extendCommandSchema>;

export const extraTimeCommandSchema = z.object({
  ...commandBase,
  invitationId: id.nullable().describe('Null: beforehand, for the candidate’s invitations to come.'),
  percent: z
    .number()
    .int()
    .min(1)
    .max(300)
    .nullable()
    .describe('Of each test’s own duration. Kept with the person, sealed; null takes it away.'),
});
export type ExtraTimeCommand = z.input<typeof extraTimeCommandSchema>;

export const correctEmailCommandSchema = z.object({ ...commandBase, invitationId: id, email: z.email().max(254) });
export type CorrectEmailCommand = z.input<typeof correctEmailCommandSchema>;

export const extraTimeQuerySchema = z.object({ applicationKey: z.uuid(), invitationId: z.uuid().optional() });

/** Told to recruiters on their asking and to nobody else; in no view, so that no copy of one holds it. */
export const extraTimeSchema = z.object({
  percent: z.number().int().nullable(),
  isLocked: z
    .literal(true)
    .optional()
    .describe('Something was set, and does not open with the master key of this server: it has to be set again.'),
  reaches: z
    .enum(['this', 'next', 'none', 'each'])
    .describe(
      'this: the vendor is told at once. next: it goes with the next invitation. none: it is for a person to set it at the vendor. each: without an invitation; it goes with each one to a vendor that takes it.',
    ),
  vendorName: z.string(),
});
export type ExtraTime = z.infer<typeof extraTimeSchema>;

export const findOutsideSchema = z.object({
  page: candidateReferenceSchema,
  applicationKey: id,
  assessmentId: id,
});
export type FindOutside = z.input<typeof findOutsideSchema>;

/** Invitations of this candidate that were made at the vendor by hand. */
export const outsideFoundSchema = z.object({
  found: z.array(
    z.object({
      ref: z.string().max(600).describe('Names it in the command that attaches it.'),
      email: z.string(),
      invitedAt: time.nullable(),
      expiresAt: time.nullable(),
      state: z.enum(['sent', 'started', 'submitted', 'scored', 'expired', 'cancelled']),
      trusted: z.boolean().describe('False: only an unsigned message tells of it.'),
    }),
  ),
  elsewhere: z.array(z.string()).describe('Sentences about those that belong to another application.'),
});
export type OutsideFound = z.infer<typeof outsideFoundSchema>;

export const attachCommandSchema = z.object({ ...commandBase, assessmentId: id, ref: z.string().max(600) });
export type AttachCommand = z.input<typeof attachCommandSchema>;

export const moveCommandSchema = z.object({ ...commandBase, toStageId: id });
export type MoveCommand = z.input<typeof moveCommandSchema>;

export const changeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('advance') }),
  z.object({ kind: z.literal('transfer'), jobId: id }),
  z.object({ kind: z.literal('reject'), reasonId: id }),
  z.object({ kind: z.literal('unreject') }),
  z.object({ kind: z.literal('hire'), openingId: id.nullable().default(null), reasonId: id.nullable().default(null) }),
]);

export const changeCommandSchema = z.object({
  ...commandBase,
  shown: z
    .object({ stageId: id.nullable() })
    .describe('`stageId` of the view that the panel showed; in another stage by now, nothing is done.'),
  change: changeSchema.describe('Ids are those of `/api/panel/choices`.'),
});
export type ChangeCommand = z.input<typeof changeCommandSchema>;

export const choicesQuerySchema = z.object({ applicationKey: z.uuid(), change: z.enum(['transfer', 'reject', 'hire']) });

/** What a change lets one choose from, as the ATS lists it now. */
export const changeChoicesSchema = z.object({
  of: z.enum(['job', 'reason', 'opening']),
  choices: z.array(z.object({ id, name: z.string() })),
  /** Whether it can be done without any. */
  isNeeded: z.boolean(),
});
export type ChangeChoices = z.infer<typeof changeChoicesSchema>;

export const enterResultCommandSchema = z
  .object({
    ...commandBase,
    invitationId: id,
    rating: z.string().max(60).nullable().default(null),
    score: z.object({ value: z.number(), max: z.number().positive().nullable() }).nullable().default(null),
    verdict: z.enum(['up', 'down']).nullable().default(null),
    skills: z
      .array(z.object({ name: z.string().min(1).max(120), rating: z.string().max(60) }))
      .max(40)
      .default([]),
    notes: z.string().max(10_000).nullable().default(null),
    reportUrl: z
      .url({ protocol: /^https$/ })
      .max(2000)
      .nullable()
      .default(null),
  })
  .refine(
    ({ rating, score, verdict, skills, notes, reportUrl }) =>
      Boolean(rating || score || verdict || skills.length > 0 || notes || reportUrl),
    { path: ['rating'], message: 'a rating, a score, a recommendation, skills, notes or a report link is needed' },
  );
export type EnterResultCommand = z.input<typeof enterResultCommandSchema>;

/** What came of a command, in words, with the view after it. */
export const commandAnswerSchema = z.object({
  /** `pending`: taken, still being worked on; the stream will tell. */
  outcome: z.enum(['done', 'refused', 'pending']),
  message: z.string(),
  mend: mendSchema.nullable(),
  view: panelViewSchema.nullable(),
});
export type CommandAnswer = z.infer<typeof commandAnswerSchema>;

/** One line of the event stream: only says that something changed; the panel asks again. */
export const streamEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('application'), key: id, version: z.number().int() }),
  z.object({ type: z.literal('waiting'), count: z.number().int() }),
  /** Nothing is kept of it any more, here or in any browser. */
  z.object({ type: z.literal('erased'), key: id }),
  z.object({ type: z.literal('revoked') }),
]);
export type StreamEvent = z.infer<typeof streamEventSchema>;

/** What the popup lists: invitations that wait for somebody. */
export const waitingSchema = z.object({
  items: z.array(
    z.object({
      key: id,
      candidateName: z.string().nullable(),
      jobName: z.string().nullable(),
      text: z.string(),
      url: z.string().nullable(),
      at: time,
      /** Held ones can be undone from here. */
      held: z.object({ invitationId: id, dueAt: time, byName: z.string(), isYou: z.boolean() }).nullable(),
    }),
  ),
  serverTime: time,
  failures: z.number().int().optional().describe('How many failures wait; told to admins only.'),
});
export type Waiting = z.infer<typeof waitingSchema>;
