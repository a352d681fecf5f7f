/**
 * What CodeSignal answers and sends: https://github.com/CodeSignal/developer-docs, docs/graphql/types and docs/webhooks. Real servers leave
 * out what they have no value for; what is not asked for or not known is passed over.
 */
import { z } from 'zod';
import { numericSchema } from '../numeric-schema.ts';

const id = z
  .union([z.string(), z.number()])
  .transform((value) => String(value).trim())
  .pipe(z.string().min(1).max(200));
const text = z.string().nullish().catch(null);
const number = numericSchema.nullish().catch(null);
const flag = z.boolean().nullish().catch(null);

const errorSchema = z
  .object({
    message: z.string().catch(''),
    extensions: z
      .object({ code: z.string().catch('') })
      .nullish()
      .catch(null),
  })
  .transform(({ message, extensions }) => ({ message, code: extensions?.code ?? '' }));
export type GraphqlError = z.infer<typeof errorSchema>;

/** https://spec.graphql.org/October2021/#sec-Response-Format : one of both has to be there. */
export const answerSchema = z
  .object({
    data: z.record(z.string(), z.unknown()).nullish(),
    errors: z
      .array(errorSchema)
      .nullish()
      .transform((errors) => errors ?? []),
  })
  .refine(({ data, errors }) => data !== undefined || errors.length > 0);
export type Answer = z.infer<typeof answerSchema>;

/** https://github.com/CodeSignal/developer-docs, docs/graphql/types/companytests.doc.html */
export const testPageSchema = z.object({
  tests: z.array(z.unknown()),
  /** Where it is missing a full page may have another behind it. */
  pageInfo: z.object({ hasNextPage: z.boolean() }).nullish().catch(null),
});
export const testSchema = z.object({ id, title: z.unknown().optional(), duration: number });
export const durationSchema = z.object({ duration: numericSchema });

/** docs/graphql/types/companytestsession.doc.html, as far as it is needed to find and to change one. Times are milliseconds since 1970. */
export const briefSessionSchema = z.object({
  id,
  status: z.string(),
  testTaker: z.object({ email: text }).nullish(),
  createDate: number,
  expirationDate: number,
  customDuration: number,
  invitationUrl: z.unknown().optional(),
  test: z.object({ duration: number }).nullish(),
});
export type BriefSession = z.infer<typeof briefSessionSchema>;

/** Of the same type: by what one session leads to the one that took its place. */
export const linkedSessionSchema = z.object({
  id,
  status: z.string(),
  verificationStatus: text,
  retakeSession: z.object({ id }).nullish().catch(null),
  reactivatedSession: z.object({ newSessionId: id }).nullish().catch(null),
});
export type LinkedSession = z.infer<typeof linkedSessionSchema>;

const rangeSchema = z.object({ label: z.unknown().optional(), scoreRange: z.object({ min: number, max: number }) });

/** docs/graphql/types/testsessiontaskresult.doc.html and integrityreport.doc.html */
const taskResultSchema = z.object({
  score: number,
  sessionTask: z
    .object({ maxScore: number, task: z.object({ title: z.unknown().optional() }).nullish().catch(null) })
    .nullish()
    .catch(null),
  integrityReport: z.object({ status: text, suspicionScore: text }).nullish().catch(null),
});
export type TaskResult = z.infer<typeof taskResultSchema>;

const listOf = <S extends z.ZodType>(schema: S) =>
  z
    .array(z.unknown())
    .nullish()
    .catch(null)
    .transform((rows) =>
      (rows ?? []).flatMap((row): z.infer<S>[] => {
        const read = schema.safeParse(row);
        return read.success ? [read.data] : [];
      }),
    );

const skillAreaSchema = z.object({ name: z.unknown().optional(), label: z.unknown().optional() });

export const sessionSchema = z.object({
  id,
  status: z.string(),
  maxScore: number,
  startDate: number,
  finishDate: number,
  expirationDate: number,
  test: z
    .object({ scoreRangeLabels: listOf(rangeSchema) })
    .nullish()
    .catch(null),
  verificationStatus: text,
  verificationRejectionReasons: listOf(z.object({ name: z.unknown().optional() })),
  integrityReviewFinalized: flag,
  integrityReviewSuggested: flag,
  result: z
    .object({
      score: number,
      url: z.unknown().optional(),
      versionedCodingScore: z
        .object({ value: number, skillAreas: listOf(skillAreaSchema) })
        .nullish()
        .catch(null),
      taskResults: listOf(taskResultSchema),
    })
    .nullish(),
});
export type Session = z.infer<typeof sessionSchema>;
export type SessionResult = NonNullable<Session['result']>;

/** docs/graphql/types/liveinterview.doc.html */
export const interviewSchema = z.object({
  id,
  status: z.string(),
  candidateEmail: text,
  url: z.unknown().optional(),
  startDate: number,
  finishDate: number,
  interviewersFeedback: listOf(z.object({ recommendedLevel: z.unknown().optional(), overallEvaluation: z.unknown().optional() })),
});
export type Interview = z.infer<typeof interviewSchema>;

/** docs/webhooks/index.html, "Webhook payloads": the envelope of every event. */
export const envelopeSchema = z.object({
  event: z.string().min(1).max(100),
  triggeredOn: z.number(),
  payload: z.record(z.string(), z.unknown()),
});
export type Envelope = z.infer<typeof envelopeSchema>;

const email = z.string().trim().min(3).max(320).optional().catch(undefined);

/** What the payloads of all events about a test session have in common. `externalId` is ours, where it is told. */
export const sessionPayloadSchema = z.object({
  testSessionId: id,
  testId: id.optional().catch(undefined),
  candidateEmail: email,
  externalId: z.string().trim().min(1).max(200).optional().catch(undefined),
  expiredReason: z.unknown().optional(),
  rejectedReasons: z.array(z.unknown()).optional().catch(undefined),
});
export type SessionPayload = z.infer<typeof sessionPayloadSchema>;

export const interviewPayloadSchema = z.object({ interviewId: id, candidateEmail: email });
