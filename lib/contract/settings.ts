import { z } from 'zod';
import { ASSESSMENT_KINDS, VENDOR_KINDS } from '../domain/assessment.ts';
import { ATS_KINDS } from '../domain/ats.ts';
import { DISPOSITION_MEANINGS } from '../domain/outcome.ts';
import { STAGE_ROLES } from '../domain/stage-role.ts';

/** Settings an admin makes, by page or by API. Secrets go in once and come back only as their last four characters. */

const name = z.string().trim().min(1).max(120);
const secret = z.string().min(1).max(4096);

export const CONNECTION_KINDS = [...ATS_KINDS, ...VENDOR_KINDS] as const;
export type ConnectionKind = (typeof CONNECTION_KINDS)[number];

/** One path of a vendor's API, for vendors whose paths are not public (Coderbyte). Field names are paths like `data.items`. */
export const endpointSchema = z.object({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  /** Appended to the base URL; `{assessmentId}`, `{email}`, `{invitationId}`, `{organizationId}` are filled in, percent-encoded. */
  path: z.string().startsWith('/').max(500),
  /** Sent as JSON; the same gaps are filled in, in values only. */
  body: z.record(z.string(), z.unknown()).optional(),
  /** Our field -> where it stands in the answer, for example `{"items": "data.assessments", "id": "assessment_id"}`. */
  fields: z.record(z.string(), z.string()).default({}),
});
export const ENDPOINT_NAMES = ['list', 'invite', 'cancel', 'report', 'interview'] as const;
export const endpointMapSchema = z.object({
  baseUrl: z.url().optional(),
  /** Header that carries the key, with `{key}` filled in; default `Authorization: Bearer {key}`. */
  authHeader: z.object({ name: z.string(), value: z.string() }).optional(),
  endpoints: z.partialRecord(z.enum(ENDPOINT_NAMES), endpointSchema).default({}),
});
export type EndpointMap = z.infer<typeof endpointMapSchema>;

/** Per kind: what is stored beside the secrets. Base URLs other than the real ones are accepted for TEST_HOSTS only. */
export const greenhouseSettingsSchema = z.object({
  kind: z.literal('greenhouse'),
  apiUrl: z.url().default('https://harvest.greenhouse.io'),
  authUrl: z.url().default('https://auth.greenhouse.io'),
  /** The Greenhouse user in whose name we act: numeric id, a Site Admin. Empty: the credential's own service user. */
  serviceUserId: z.string().regex(/^\d*$/).default(''),
  /** Unresolved by Greenhouse's documentation; the other is tried once when the first is refused. */
  fromStageIdSpace: z.enum(['application-stage', 'job-stage']).default('application-stage'),
});
export const leverSettingsSchema = z.object({
  kind: z.literal('lever'),
  apiUrl: z.url().default('https://api.lever.co/v1'),
  /** The Lever user named as author of notes and moves. */
  performAs: z.string().max(100).default(''),
  /** A key that a Super Admin makes, or an OAuth app to which a Super Admin gives consent. */
  auth: z.enum(['key', 'oauth']).default('key'),
  /** For OAuth, where the account lives elsewhere than its API address says. Empty: what belongs to `apiUrl`. */
  authUrl: z.union([z.literal(''), z.url()]).default(''),
  audience: z.string().max(300).default(''),
  /** For OAuth, separated by spaces. Empty: what Tagalong uses. */
  scopes: z
    .string()
    .max(2000)
    .regex(/^[\w: ]*$/)
    .default(''),
});
export const coderbyteSettingsSchema = z.object({
  kind: z.literal('coderbyte'),
  organizationId: z.string().max(200).default(''),
  map: endpointMapSchema.default({ endpoints: {} }),
  /** Hosts that a report link may have. */
  reportHosts: z.array(z.string()).default(['coderbyte.com']),
});
export const byteboardSettingsSchema = z.object({ kind: z.literal('byteboard') });
export const connectionSettingsSchema = z.discriminatedUnion('kind', [
  greenhouseSettingsSchema,
  leverSettingsSchema,
  coderbyteSettingsSchema,
  byteboardSettingsSchema,
]);
export type ConnectionSettings = z.infer<typeof connectionSettingsSchema>;
export type ConnectionSettingsInput = z.input<typeof connectionSettingsSchema>;

/** Which secrets each kind takes. */
export const SECRET_NAMES = {
  greenhouse: ['clientId', 'clientSecret'],
  /** `setupKey`: wider rights, for the set-up alone, and to be revoked after it. */
  lever: ['apiKey', 'clientId', 'clientSecret', 'setupKey'],
  coderbyte: ['apiKey'],
  byteboard: [],
} as const satisfies Record<ConnectionKind, readonly string[]>;

/** Those without which a connection with these settings cannot work. */
export function neededSecrets(settings: ConnectionSettings): readonly string[] {
  if (settings.kind !== 'lever') return SECRET_NAMES[settings.kind];
  return settings.auth === 'oauth' ? ['clientId', 'clientSecret'] : ['apiKey'];
}

export const newConnectionSchema = z.object({
  name,
  settings: connectionSettingsSchema,
  secrets: z.record(z.string(), secret).default({}),
  enabled: z.boolean().default(true),
});
export const changeConnectionSchema = z.object({
  name: name.optional(),
  settings: connectionSettingsSchema.optional(),
  /** Given ones replace, missing ones stay. */
  secrets: z.record(z.string(), secret).optional(),
  enabled: z.boolean().optional(),
});

export const webhookViewSchema = z.object({
  id: z.string(),
  event: z.string(),
  purpose: z.string(),
  required: z.boolean(),
  /** Null while PUBLIC_URL is not set: then no webhook can reach this server and the sweep is all there is. */
  url: z.string().nullable(),
  /** The same below this server's address; also there without PUBLIC_URL. */
  path: z.string(),
  /** `ours`: we made the secret, paste it there (Greenhouse). `theirs`: they show it, paste it here (Lever). `key`: the API key is it (Coderbyte). */
  secretFrom: z.enum(['ours', 'theirs', 'key']),
  /** The secrets that are accepted, by their last four characters. */
  secrets: z.array(z.object({ id: z.string(), lastFour: z.string(), addedAt: z.string() })),
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

/** `dead`: the ATS refused the set-up key, and it is forgotten here. Otherwise `message` says what to do. */
export const setUpKeyAnswerSchema = z.object({ dead: z.boolean(), message: z.string() });

/** Webhooks through the ATS's API. `by-hand`: one made in the ATS's own pages is in the way, and only there it can be removed. */
export const arrangedWebhooksSchema = z.object({
  webhooks: z.array(z.object({ event: z.string(), did: z.enum(['created', 'kept', 'repaired', 'removed', 'by-hand']) })),
  reminder: z.string().nullable(),
});

export const checkAnswerSchema = z.object({ ok: z.boolean(), message: z.string(), account: z.string().nullable() });

export const stageRoleSchema = z.object({
  /** Null: any stage of this name, for ATSs whose stages are made anew for each job. */
  stageId: z.string().nullable(),
  stageName: z.string().nullable(),
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
  externalId: z.string().trim().min(1).max(300),
  name,
  kind: z.enum(ASSESSMENT_KINDS).default('test'),
  durationMinutes: z.number().int().positive().max(10_000).nullable().default(null),
  tag: z.string().trim().min(1).max(200),
  passMark: z.number().min(0).max(1_000_000).nullable().default(null),
  deadlineDays: z.number().int().min(1).max(90).default(7),
  linkTemplate: z.string().max(2000).nullable().default(null),
  handover: z.enum(['vendor e-mail', 'our e-mail', 'copy link']).default('our e-mail'),
});
export const assessmentViewSchema = assessmentInputSchema.extend({
  id: z.string(),
  vendorName: z.string(),
  archived: z.boolean(),
  troubles: z.array(z.string()),
});
export type AssessmentView = z.infer<typeof assessmentViewSchema>;
export const vendorCatalogueSchema = z.object({
  assessments: z.array(
    z.object({
      externalId: z.string(),
      name: z.string(),
      kind: z.enum(ASSESSMENT_KINDS),
      durationMinutes: z.number().nullable(),
    }),
  ),
  /** False where the vendor cannot list; then ids are typed in. */
  listed: z.boolean(),
});

export const rulesSchema = z.object({
  sendOnStageEntry: z.boolean(),
  cancelOnLeaving: z.boolean(),
  advanceOnPass: z.boolean(),
  holdSeconds: z.number().int().min(0).max(600),
  automaticHoldSeconds: z.number().int().min(0).max(86_400),
  leavingGraceMinutes: z.number().min(0).max(1440),
  tagRecheckSeconds: z.number().int().min(0).max(3600),
  inheritedTagsCount: z.boolean(),
});
export type RulesView = z.infer<typeof rulesSchema>;

export const mailSettingsSchema = z.object({
  /** smtp:// or smtps:// with credentials; never given back. */
  smtpUrl: z.string().max(500).optional(),
  from: z.string().max(320),
});
export const mailViewSchema = z.object({ configured: z.boolean(), from: z.string(), host: z.string().nullable() });

/** The checklist to the first invitation. */
export const overviewSchema = z.object({
  company: z.string().nullable(),
  publicUrl: z.string().nullable(),
  version: z.string(),
  steps: z.array(
    z.object({
      id: z.enum(['ats', 'vendor', 'assessment', 'stages', 'reasons', 'webhooks', 'mail', 'rules', 'people']),
      state: z.enum(['ready', 'needs-you', 'off']),
      text: z.string(),
    }),
  ),
});
export type Overview = z.infer<typeof overviewSchema>;
