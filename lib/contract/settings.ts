import { z } from 'zod';
import {
  ASSESSMENT_KINDS,
  BRAND_NAMES,
  CATALOGUE_STATES,
  CODERBYTE_BRANDS,
  VENDOR_KINDS,
  VENDOR_NAMES,
} from '../domain/assessment.ts';
import { ATS_KINDS } from '../domain/ats.ts';
import { isCompanyHost } from '../domain/greenhouse-host.ts';
import { HOOK_EVENTS } from '../domain/hook-event.ts';
import { DISPOSITION_MEANINGS } from '../domain/outcome.ts';
import { STAGE_ROLES } from '../domain/stage-role.ts';
import { codesignalSettingsSchema } from './codesignal-settings.ts';
import { HACKERRANK_STATES, hackerrankSettingsSchema } from './hackerrank-settings.ts';
import { type OutcomeWords, outcomeWordsSchema } from './outcome-words.ts';
import { partnerNameOf, partnerSettingsSchema } from './partner-settings.ts';

export type { OutcomeWords };

/** Settings an admin makes, by page or by API. Secrets go in once and come back only as their last four characters. */

const name = z.string().trim().min(1).max(120);
const secret = z.string().min(1).max(4096);

export const CONNECTION_KINDS = [...ATS_KINDS, ...VENDOR_KINDS] as const;
export type ConnectionKind = (typeof CONNECTION_KINDS)[number];

/** One path of a vendor's API, for vendors whose paths are not public (Coderbyte). Field names are paths like `data.items`. */
export const endpointSchema = z.object({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  path: z
    .string()
    .startsWith('/')
    .max(500)
    .describe(
      'Appended to the base URL. Gaps: {organizationId} everywhere; all but list also {assessmentId}, {email}, {invitationId} and {attempt}; invite {name}, {message}, {expiresAt} and {profileUrl}; all but list and invite {externalId} and {interviewId}; extend {expiresAt}; extraTime and invite {extraTimePercent}. Filled in percent-encoded.',
    ),
  body: z.record(z.string(), z.unknown()).optional().describe('Sent as JSON; the same gaps are filled in, in values only.'),
  fields: z
    .record(z.string(), z.string())
    .default({})
    .describe(
      'Our field -> where it stands in the answer, as a path like data.items. list: items, id, name, kind, durationMinutes. invite: id, interviewId, link, expiresAt. report and interview: report, status, score, plagiarism, reportUrl ...; without an entry the words of Coderbyte’s own examples are tried.',
    ),
});
export const ENDPOINT_NAMES = ['list', 'invite', 'cancel', 'resend', 'extend', 'extraTime', 'report', 'interview'] as const;
export type EndpointName = (typeof ENDPOINT_NAMES)[number];

/** What may stand in the gaps of each endpoint; tested against what the adapter fills in. */
const ANY_GAP = ['organizationId'] as const;
const PERSON_GAPS = [...ANY_GAP, 'assessmentId', 'email', 'invitationId', 'attempt'] as const;
const SENT_GAPS = [...PERSON_GAPS, 'externalId', 'interviewId'] as const;
export const ENDPOINT_GAPS: Readonly<Record<EndpointName, readonly string[]>> = {
  list: ANY_GAP,
  invite: [...PERSON_GAPS, 'name', 'message', 'expiresAt', 'profileUrl', 'extraTimePercent'],
  cancel: SENT_GAPS,
  resend: SENT_GAPS,
  extend: [...SENT_GAPS, 'expiresAt'],
  extraTime: [...SENT_GAPS, 'extraTimePercent'],
  report: SENT_GAPS,
  interview: SENT_GAPS,
};
/** What we read from each answer, where a map says where it stands; tested against what the adapter reads. */
const REPORT_FIELDS = [
  'report',
  'email',
  'status',
  'ready',
  'startedAt',
  'submittedAt',
  'score',
  'codeScore',
  'choiceScore',
  'challenges',
  'plagiarism',
  'cheated',
  'verdict',
  'scorecard',
  'reportUrl',
  'timeExpired',
] as const;
export const ENDPOINT_FIELDS = {
  list: ['items', 'id', 'name', 'kind', 'durationMinutes'],
  invite: ['id', 'interviewId', 'link', 'expiresAt'],
  cancel: [],
  resend: [],
  extend: ['expiresAt'],
  extraTime: [],
  report: REPORT_FIELDS,
  interview: REPORT_FIELDS,
} as const satisfies Record<EndpointName, readonly string[]>;

export const endpointMapSchema = z.object({
  baseUrl: z.url().optional(),
  authHeader: z
    .object({ name: z.string(), value: z.string() })
    .optional()
    .describe('Carries the key, with {key} filled in; without it Authorization: Bearer {key}.'),
  endpoints: z.partialRecord(z.enum(ENDPOINT_NAMES), endpointSchema).default({}),
});

/** Tries one endpoint of a saved map. Only reads are carried out; of everything else the request is shown that would be sent. */
export const tryEndpointSchema = z.object({
  endpoint: z.enum(ENDPOINT_NAMES),
  values: z
    .object({
      assessmentId: z.string().trim().min(1).max(300).optional(),
      email: z.string().trim().min(3).max(320).optional(),
      externalId: z.string().trim().min(1).max(300).optional(),
    })
    .default({}),
});
export const tryEndpointAnswerSchema = z.object({
  /** False where nothing was sent: for what writes, and where the request cannot be made. */
  sent: z.boolean(),
  ok: z.boolean(),
  /** What came of it, as a sentence. */
  message: z.string(),
  request: z
    .object({ method: z.string(), url: z.string(), header: z.string(), body: z.unknown().optional() })
    .nullable()
    .describe('As it is sent, with the key hidden. Null when it cannot be made.'),
  status: z.number().nullable(),
  fields: z.array(
    z.object({
      field: z.string(),
      value: z.string().nullable().describe('What was found, shortened; null when there is nothing.'),
      from: z.string().nullable().describe('Where it stood in the answer.'),
    }),
  ),
  /** Of a list: how many assessments were read. */
  count: z.number().int().nullable(),
});
export type TryEndpointAnswer = z.infer<typeof tryEndpointAnswerSchema>;
export type EndpointMap = z.infer<typeof endpointMapSchema>;

/** In whose name a recruiter's clicks are written in the ATS. */
const attribution = z
  .enum(['service', 'recruiter'])
  .default('service')
  .describe(
    'service: everything in the name of one user, and the note names the recruiter. recruiter: in the name of the ATS user to whom the member is mapped, where there is one.',
  );

/** What is written in the ATS besides tags and notes. */
const writeBackSchema = z.object({
  statusField: z
    .string()
    .max(100)
    .default('')
    .describe('Greenhouse: id of the custom field that takes the status, in words, as it changes. Empty: none.'),
  scoreField: z.string().max(100).default('').describe('Greenhouse: id of the custom field that takes the score. Empty: none.'),
  reportFile: z.boolean().default(false).describe('Attach the report as PDF, where the vendor has one.'),
  reportLink: z.boolean().default(false).describe('Lever: add the link to the report to the links of the person.'),
  feedbackForm: z
    .string()
    .max(100)
    .default('')
    .describe('Lever: id of the feedback template that is filled in once the result is final. Empty: none.'),
  feedbackScores: z
    .object({ passed: z.string().max(300).default(''), notPassed: z.string().max(300).default('') })
    .prefault({})
    .describe('Which of the form’s own scores stands for passed and for not passed, to the letter. Empty: no score is given.'),
});
export type WriteBack = z.infer<typeof writeBackSchema>;

/** Per kind: what is stored beside the secrets. Base URLs other than the real ones are accepted for TEST_HOSTS only. */
export const greenhouseSettingsSchema = z.object({
  kind: z.literal('greenhouse'),
  api: z
    .enum(['v3', 'v1'])
    .default('v3')
    .describe('v1: an API key, which Greenhouse itself retired on 2026-08-31; apiUrl is then a gateway that still speaks it.'),
  apiUrl: z.url().default('https://harvest.greenhouse.io'),
  authUrl: z.url().default('https://auth.greenhouse.io'),
  serviceUserId: z
    .string()
    .regex(/^\d*$/)
    .default('')
    .describe(
      'The Greenhouse user in whose name we act: numeric id, a Site Admin. Empty: the credential’s own service user (v3 only).',
    ),
  fromStageIdSpace: z
    .enum(['application-stage', 'job-stage'])
    .default('application-stage')
    .describe(
      'Which id a move calls from_stage_id, unresolved by the documentation; when one is refused the other is tried once.',
    ),
  attribution,
  singleToken: z
    .boolean()
    .default(false)
    .describe(
      'For Greenhouse accounts in which a new token revokes the earlier one, also of another user (unresolved by the documentation): one token at a time.',
    ),
  companyHosts: z
    .array(
      z
        .string()
        .regex(/^[a-z0-9-]{1,63}\.greenhouse\.io$/)
        .refine(isCompanyHost, 'an address of Greenhouse’s own'),
    )
    .max(10)
    .default([])
    .describe(
      'Own subdomains on which the company uses Greenhouse, as acme.greenhouse.io; each browser asks for permission once.',
    ),
  writeBack: writeBackSchema.prefault({}),
});
export const leverSettingsSchema = z.object({
  kind: z.literal('lever'),
  apiUrl: z.url().default('https://api.lever.co/v1'),
  performAs: z.string().max(100).default('').describe('Id of the Lever user named as author of notes and moves. Empty: nobody.'),
  auth: z
    .enum(['key', 'oauth'])
    .default('key')
    .describe('A key that a Super Admin makes, or an OAuth app to which a Super Admin gives consent.'),
  authUrl: z
    .union([z.literal(''), z.url()])
    .default('')
    .describe('For OAuth, where the account lives elsewhere than its API address says. Empty: what belongs to apiUrl.'),
  audience: z.string().max(300).default(''),
  scopes: z
    .string()
    .max(2000)
    .regex(/^[\w: ]*$/)
    .default('')
    .describe('For OAuth, separated by spaces. Empty: what Tagalong uses.'),
  attribution,
  writeBack: writeBackSchema.prefault({}),
});
export const coderbyteSettingsSchema = z.object({
  kind: z.literal('coderbyte'),
  outcomeWords: outcomeWordsSchema,
  organizationId: z.string().max(200).default('').describe('The organisation’s slug: issuer of the webhook tokens.'),
  map: endpointMapSchema
    .default({ endpoints: {} })
    .describe('Where Coderbyte’s API is. Empty: links are sent and webhooks tell progress, not verified.'),
  reportHosts: z.array(z.string()).default(['coderbyte.com']).describe('Hosts that a report link may have.'),
  brand: z
    .enum(CODERBYTE_BRANDS)
    .default('coderbyte')
    .describe('Growhire is Coderbyte’s own name for the same; only what people read changes.'),
  commentsInNotes: z
    .boolean()
    .default(false)
    .describe('Whether a reviewer’s comment stands in the note about a result, which everybody in the ATS reads.'),
});

/** The words of a vendor for what became of a candidate; none where an admin chose none. */
export function outcomeWordsOf(settings: ConnectionSettings): OutcomeWords {
  return ('outcomeWords' in settings ? settings.outcomeWords : undefined) ?? {};
}

/** The words from which an admin chooses what the vendor is told; null where it takes none. Tested against what the adapters do. */
export function outcomeChoicesOf({ kind }: ConnectionSettings): readonly string[] | null {
  return kind === 'hackerrank' ? HACKERRANK_STATES : null;
}

/** How people call the vendor of this connection; null for an ATS. */
export function vendorNameOf(settings: ConnectionSettings): string | null {
  if (settings.kind === 'coderbyte') return BRAND_NAMES[settings.brand ?? 'coderbyte'];
  if (settings.kind === 'partner') return partnerNameOf(settings);
  const kind = VENDOR_KINDS.find((known) => known === settings.kind);
  return kind ? VENDOR_NAMES[kind] : null;
}
export const byteboardSettingsSchema = z.object({ kind: z.literal('byteboard') });
export const connectionSettingsSchema = z.discriminatedUnion('kind', [
  greenhouseSettingsSchema,
  leverSettingsSchema,
  coderbyteSettingsSchema,
  byteboardSettingsSchema,
  partnerSettingsSchema,
  hackerrankSettingsSchema,
  codesignalSettingsSchema,
]);
export type ConnectionSettings = z.infer<typeof connectionSettingsSchema>;
export type ConnectionSettingsInput = z.input<typeof connectionSettingsSchema>;

/** What a connection can write besides tags and notes, by the ATS and the way to connect. Tested against what the adapters do. */
export interface WritableThings {
  fields: boolean;
  reportFile: boolean;
  reportLink: boolean;
  feedback: boolean;
}

export function writableThings(settings: ConnectionSettings): WritableThings {
  const isGreenhouse = settings.kind === 'greenhouse';
  const isLever = settings.kind === 'lever';
  return {
    fields: isGreenhouse,
    reportFile: isLever || (isGreenhouse && settings.api !== 'v1'),
    reportLink: isLever,
    feedback: isLever,
  };
}

/** What is to be written as far as the connection can; everything off for a vendor. Rows of earlier versions lack what came later. */
export function writeBackOf(settings: ConnectionSettings): WriteBack {
  const can = writableThings(settings);
  const wanted = writeBackSchema.parse(('writeBack' in settings ? settings.writeBack : undefined) ?? {});
  return {
    ...wanted,
    statusField: can.fields ? wanted.statusField : '',
    scoreField: can.fields ? wanted.scoreField : '',
    reportFile: can.reportFile && wanted.reportFile,
    reportLink: can.reportLink && wanted.reportLink,
    feedbackForm: can.feedback ? wanted.feedbackForm : '',
  };
}

/** Which secrets each kind takes. */
export const SECRET_NAMES = {
  greenhouse: ['clientId', 'clientSecret'],
  /** `setupKey`: wider rights, for the set-up alone, and to be revoked after it. */
  lever: ['apiKey', 'clientId', 'clientSecret', 'setupKey'],
  coderbyte: ['apiKey'],
  byteboard: [],
  partner: ['apiKey'],
  hackerrank: ['apiKey'],
  codesignal: ['apiKey'],
} as const satisfies Record<ConnectionKind, readonly string[]>;

/** The same for one connection: those of its way to connect. */
export function secretNamesOf(settings: ConnectionSettings): readonly SecretName[] {
  switch (settings.kind) {
    case 'greenhouse':
      return settings.api === 'v1' ? ['apiKey'] : SECRET_NAMES.greenhouse;
    case 'lever':
      return settings.auth === 'oauth' ? ['clientId', 'clientSecret'] : ['apiKey', 'setupKey'];
    default:
      return SECRET_NAMES[settings.kind];
  }
}
export type SecretName = 'clientId' | 'clientSecret' | 'apiKey' | 'setupKey';

/** Those of them without which it cannot work; the set-up key is for the set-up alone. */
export function neededSecrets(settings: ConnectionSettings): readonly SecretName[] {
  return secretNamesOf(settings).filter((name) => name !== 'setupKey');
}

const secretsWords = `By name. ${Object.entries(SECRET_NAMES)
  .map(([kind, names]) => `${kind}: ${names.join(', ') || 'none'}`)
  .join('. ')}. They come back as their last four characters only.`;

export const newConnectionSchema = z.object({
  name,
  settings: connectionSettingsSchema,
  secrets: z.record(z.string(), secret).default({}).describe(secretsWords),
  enabled: z.boolean().default(true),
});
export const changeConnectionSchema = z.object({
  name: name.optional(),
  settings: connectionSettingsSchema.optional(),
  secrets: z.record(z.string(), secret).optional().describe(`Given ones replace, missing ones stay. ${secretsWords}`),
  enabled: z.boolean().optional(),
});

export const webhookViewSchema = z.object({
  id: z.string(),
  event: z.string(),
  purpose: z.string(),
  required: z.boolean(),
  url: z
    .string()
    .nullable()
    .describe('Paste this there. Null while PUBLIC_URL is not set: then no webhook can reach this server.'),
  path: z.string().describe('The same below this server’s address; also there without PUBLIC_URL.'),
  secretFrom: z
    .enum(['ours', 'theirs', 'key', 'sent'])
    .describe(
      'ours: POST /api/webhooks/{id}/secrets makes one, paste it there (Greenhouse, Byteboard). theirs: they show it, post it here (Lever). key: the API key is it (Coderbyte). sent: each invitation carries address and proof (HackerRank); nothing has to be pasted.',
    ),
  /** The secrets that are accepted, by their last four characters. */
  secrets: z.array(z.object({ id: z.string(), lastFour: z.string(), addedAt: z.string() })),
  /** Those that were replaced and still count for a while. */
  previous: z.array(z.object({ id: z.string(), lastFour: z.string(), acceptedUntil: z.string() })).default([]),
  lastSeenAt: z.string().nullable(),
  lastTestAt: z.string().nullable(),
  lastRefusedAt: z.string().nullable(),
  lastRefusedBecause: z.string().nullable(),
});
export type WebhookView = z.infer<typeof webhookViewSchema>;

export const connectionViewSchema = z.object({
  id: z.string(),
  kind: z.enum(CONNECTION_KINDS),
  side: z.enum(['ats', 'vendor']),
  name: z.string(),
  enabled: z.boolean(),
  settings: connectionSettingsSchema,
  secrets: z.array(z.object({ name: z.string(), lastFour: z.string().nullable() })),
  state: z.enum(['ready', 'needs-you', 'off']),
  /** Sentences: what is missing or went wrong last. */
  troubles: z.array(z.string()),
  /** Sentences: what works less well than it could, though nothing is wrong. */
  notes: z.array(z.string()).default([]),
  checkedAt: z.string().nullable(),
  account: z.string().nullable(),
  /** Where a person at the ATS has to consent (OAuth): whether they have. */
  consent: z.enum(['given', 'missing']).nullable().default(null),
  webhooks: z.array(webhookViewSchema),
  createdAt: z.string(),
});
export type ConnectionView = z.infer<typeof connectionViewSchema>;

/** Where a person at the ATS gives consent; good for ten minutes and once. */
export const consentAddressSchema = z.object({ url: z.url() });

/** `dead`: the ATS refused the set-up key, and it is forgotten here. Otherwise `message` says what to do, and whether it is forgotten. */
export const setUpKeyAnswerSchema = z.object({ dead: z.boolean(), message: z.string() });

/** Webhooks through the ATS's API. `by-hand`: one made in the ATS's own pages is in the way, and only there it can be removed. */
export const arrangedWebhooksSchema = z.object({
  webhooks: z.array(z.object({ event: z.string(), did: z.enum(['created', 'kept', 'repaired', 'removed', 'by-hand']) })),
  reminder: z.string().nullable(),
});

export const checkAnswerSchema = z.object({ ok: z.boolean(), message: z.string(), account: z.string().nullable() });

export const stageRoleSchema = z.object({
  stageId: z.string().nullable().describe('Null: any stage of this name, for ATSs whose stages are made anew for each job.'),
  stageName: z.string().nullable().describe('Compared without regard to case. Null where stageId names the stage.'),
  role: z.enum(STAGE_ROLES),
});
export const stagesViewSchema = z.object({
  stages: z.array(
    z.object({
      stageId: z.string(),
      name: z.string(),
      job: z.object({ id: z.string(), name: z.string().nullable() }).nullable(),
      role: z.enum(STAGE_ROLES).nullable(),
    }),
  ),
  roles: z.array(stageRoleSchema),
});
export const reasonsViewSchema = z.object({
  reasons: z.array(
    z.object({
      reasonId: z.string(),
      name: z.string(),
      active: z.boolean(),
      meaning: z.enum(DISPOSITION_MEANINGS).nullable(),
      suggested: z.enum(DISPOSITION_MEANINGS).nullable(),
    }),
  ),
});
export const reasonMeaningsSchema = z.object({
  meanings: z
    .array(z.object({ reasonId: z.string(), reasonName: z.string().max(300).default(''), meaning: z.enum(DISPOSITION_MEANINGS) }))
    .max(500),
});

export const assessmentInputSchema = z.object({
  vendorConnectionId: z.string(),
  externalId: z
    .string()
    .trim()
    .min(1)
    .max(300)
    .describe('The vendor’s id of it, as its webhooks call it; for a link vendor any name of your own.'),
  name,
  kind: z.enum(ASSESSMENT_KINDS).default('test'),
  durationMinutes: z.number().int().positive().max(10_000).nullable().default(null),
  tag: z.string().trim().min(1).max(200).describe('The tag in the ATS that names it.'),
  passMark: z.number().min(0).max(1_000_000).nullable().default(null),
  deadlineDays: z.number().int().min(1).max(90).default(7),
  linkTemplate: z
    .string()
    .max(2000)
    .nullable()
    .default(null)
    .describe(
      'https, with the gaps {invitation} (our id), {email} and {name} behind the host. Needed where the vendor has no API, unless each candidate gets a link of their own from the pool.',
    ),
  linkFrom: z
    .enum(['template', 'pool'])
    .default('template')
    .describe('pool: each invitation takes one of the one-time links that an admin put in; linkTemplate is then null.'),
  handover: z.enum(['vendor e-mail', 'our e-mail', 'copy link']).default('our e-mail'),
  remindDays: z
    .array(z.number().int().min(1).max(60))
    .max(3)
    .default([])
    .describe('So many days before the deadline we remind who has not begun, by e-mail. For invitations to come.'),
});
export const assessmentViewSchema = assessmentInputSchema.extend({
  id: z.string(),
  vendorName: z.string(),
  archived: z.boolean(),
  catalogueState: z.enum(CATALOGUE_STATES).nullish().describe('What the vendor says of it, where it lists what it offers.'),
  troubles: z.array(z.string()),
  /** Sentences: what needs an admin soon, though it can still be sent. */
  warnings: z.array(z.string()).default([]),
  /** How many one-time links there are; null where none are used. */
  links: z.object({ free: z.number().int(), taken: z.number().int() }).nullable().default(null),
});
export type AssessmentView = z.infer<typeof assessmentViewSchema>;
/** One-time links go in once and never come back out, except to the candidate. */
export const MAX_POOL_LINKS = 2_000;
export const addPoolLinksSchema = z.object({
  links: z
    .array(z.string().max(2_000))
    .min(1)
    .max(MAX_POOL_LINKS)
    .describe('One-time links, https; empty lines are passed over.'),
});
export const poolSchema = z.object({ free: z.number().int(), taken: z.number().int() });
export const poolAddedSchema = poolSchema.extend({
  added: z.number().int(),
  known: z.number().int().describe('Were there already, here or under another assessment, and are not taken in twice.'),
});
export const vendorCatalogueSchema = z.object({
  assessments: z.array(
    z.object({
      externalId: z.string(),
      name: z.string(),
      kind: z.enum(ASSESSMENT_KINDS),
      durationMinutes: z.number().nullable(),
      state: z.enum(CATALOGUE_STATES).optional().describe('Only active ones can be sent; gone: no longer in the list.'),
    }),
  ),
  /** False where the vendor cannot list; then ids are typed in. */
  listed: z.boolean(),
  readAt: z.string().nullish().describe('When the vendor was last asked.'),
  trouble: z.string().nullish().describe('A sentence: why the list is not newer.'),
});

/** What a result does by itself. A move is made only after a pass that nothing speaks against, so the condition has to say so. */
export const resultRuleSchema = z
  .object({
    when: z.object({
      qualified: z.boolean().optional().describe('True: passed, by the pass mark or the thumb. False: not passed.'),
      cheating: z
        .boolean()
        .optional()
        .describe(
          'True: the integrity check flagged something. False: it found nothing. What only a person can judge is neither.',
        ),
      match: z.enum(['any', 'all']).default('any'),
    }),
    does: z.object({ tag: z.string().trim().min(1).max(100).optional(), move: z.boolean().default(false) }),
  })
  .refine(({ when }) => when.qualified !== undefined || when.cheating !== undefined, {
    path: ['when'],
    message: 'a condition is needed',
  })
  .refine(({ does }) => does.move || does.tag !== undefined, { path: ['does'], message: 'a tag or a move is needed' })
  .refine(
    ({ when, does }) =>
      !does.move || (when.qualified === true && when.cheating !== true && (when.cheating === undefined || when.match === 'all')),
    { path: ['does', 'move'], message: 'only who is qualified, and was not found cheating, is moved by itself' },
  );
export type ResultRuleView = z.infer<typeof resultRuleSchema>;

export const rulesSchema = z.object({
  sendOnStageEntry: z.boolean(),
  cancelOnLeaving: z.boolean(),
  advanceOnPass: z.boolean(),
  holdSeconds: z.number().int().min(0).max(600),
  automaticHoldSeconds: z.number().int().min(0).max(86_400),
  leavingGraceMinutes: z.number().min(0).max(1440),
  tagRecheckSeconds: z.number().int().min(0).max(3600),
  inheritedTagsCount: z.boolean(),
  onResult: z.array(resultRuleSchema).max(10).default([]),
});
export type RulesView = z.infer<typeof rulesSchema>;

const mailTemplateSchema = z.object({
  subject: z.string().trim().max(200).describe('May use {name}, {company}, {assessment} and {deadline}.'),
  text: z
    .string()
    .max(10_000)
    .describe('Plain text; an empty line begins a paragraph. The same gaps, and {link} and {message}; {link} has to be there.'),
});
export const mailSettingsSchema = z.object({
  /** smtp:// or smtps:// with credentials; never given back. */
  smtpUrl: z.string().max(500).optional(),
  from: z.string().max(320),
  bounce: z
    .string()
    .max(320)
    .optional()
    .describe('Where mails that cannot be delivered come back to (envelope sender, Return-Path). Empty: to the sender.'),
  template: mailTemplateSchema
    .nullable()
    .optional()
    .describe('The company’s own words for invitations. Null: ours. Not given: as it is.'),
});
export const mailViewSchema = z.object({
  configured: z.boolean(),
  from: z.string(),
  host: z.string().nullable(),
  bounce: z.string().default(''),
  template: mailTemplateSchema.nullable().default(null),
});
/** Sends the invitation as it is stored, with an example in its gaps. Without `to`: to the e-mail of who asks. */
export const testMailSchema = z.object({ to: z.string().trim().max(320).optional() });
export const testMailAnswerSchema = z.object({
  ok: z.boolean(),
  message: z.string().describe('What came of it, as a sentence.'),
});

/** Where other systems are told what happens. */
export const newOutgoingHookSchema = z.object({
  name,
  url: z.string().trim().max(2000).describe('https, public; other addresses only where TEST_HOSTS lists them.'),
  events: z
    .array(z.enum(HOOK_EVENTS))
    .min(1)
    .describe(
      'Body: { type, timestamp, data: { invitation, assessment, candidate, application } }; result.reported also has data.result, outcome.changed data.outcome with next_step and offer_status. Headers: webhook-id (the same at every try), webhook-timestamp and webhook-signature as in Standard Webhooks. Everything but a 2xx is tried again for a day.',
    ),
  enabled: z.boolean().default(true),
});
export const outgoingHookSchema = newOutgoingHookSchema.extend({
  id: z.string(),
  lastFour: z.string().describe('Of the secret.'),
  lastOkAt: z.string().nullable(),
  lastFailedAt: z.string().nullable(),
  lastFailedBecause: z.string().nullable(),
  createdAt: z.string(),
});
export type OutgoingHookView = z.infer<typeof outgoingHookSchema>;
export const madeOutgoingHookSchema = z.object({
  hook: outgoingHookSchema,
  secret: z.string().describe('whsec_ and base64, for checking the signature. Shown this once.'),
});

/** The checklist to the first invitation. */
export const overviewSchema = z.object({
  company: z.string().nullable(),
  publicUrl: z.string().nullable(),
  version: z.string(),
  /** What the database may lose, or has lost, in sentences. */
  warnings: z.array(z.string()).default([]),
  openFailures: z.number().int().optional().describe('What failed and waits for an admin.'),
  steps: z.array(
    z.object({
      id: z.enum(['ats', 'vendor', 'assessment', 'stages', 'reasons', 'webhooks', 'mail', 'rules', 'people']),
      state: z.enum(['ready', 'needs-you', 'off']),
      text: z.string(),
    }),
  ),
});
export type Overview = z.infer<typeof overviewSchema>;
