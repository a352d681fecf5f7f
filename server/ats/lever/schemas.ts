/**
 * What Lever answers, as far as we read it. Unknown fields are ignored: Lever adds some at any time
 * (https://hire.lever.co/developer/documentation). Names and e-mails are often empty in real accounts.
 */
import { z } from 'zod';

const leverId = z.string().min(1);
/** Milliseconds; the documentation shows text for some. The bound is what a Date can hold. */
const leverTime = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]).pipe(z.number().int().min(0).max(8.64e15));
const texts = z
  .array(z.string().nullable())
  .nullish()
  .transform((list) => (list ?? []).filter((text) => text !== null));

/** With `expand` an id becomes the object it names; without, or without the right to see it, it stays an id. */
function expandable<T extends z.ZodType>(shape: T) {
  return z.union([leverId.transform((id) => ({ id })), shape]);
}

/** A user, or what `expand` makes of one. Whatever else stands there is nobody, and no reason to refuse the rest. */
const leverUserReference = expandable(z.object({ id: leverId }).transform(({ id }) => ({ id })))
  .nullish()
  .catch(null);

export const leverStageSchema = z.object({ id: leverId, text: z.string().nullish() });
export type LeverStage = z.infer<typeof leverStageSchema>;

export const leverArchiveReasonSchema = z.object({
  id: leverId,
  text: z.string().nullish(),
  status: z.string().nullish(),
  type: z.string().nullish(),
});
export type LeverArchiveReason = z.infer<typeof leverArchiveReasonSchema>;

export const leverApplicationSchema = z.object({
  id: leverId,
  posting: expandable(z.object({ id: leverId }).transform(({ id }) => ({ id }))).nullish(),
});

export const leverPostingSchema = z.object({
  id: leverId,
  text: z.string().nullish(),
  state: z.string().nullish(),
  confidentiality: z.string().nullish(),
  categories: z
    .object({
      team: z.string().nullish(),
      department: z.string().nullish(),
      location: z.string().nullish(),
      commitment: z.string().nullish(),
      level: z.string().nullish(),
      allLocations: texts,
    })
    .nullish(),
  tags: texts,
  owner: leverUserReference,
  hiringManager: leverUserReference,
});
export type LeverPosting = z.infer<typeof leverPostingSchema>;

export const leverStageChangeSchema = z.object({
  toStageId: leverId.nullish(),
  updatedAt: leverTime.nullish(),
  userId: z.string().nullish(),
});

export const leverOpportunitySchema = z.object({
  id: leverId,
  name: z.string().nullish(),
  contact: expandable(z.object({ id: leverId }).transform(({ id }) => ({ id }))).nullish(),
  stage: expandable(leverStageSchema).nullish(),
  confidentiality: z.string().nullish(),
  emails: texts,
  tags: texts,
  archived: z.object({ reason: z.string().nullish(), archivedAt: leverTime.nullish() }).nullish(),
  stageChanges: z.array(leverStageChangeSchema).nullish(),
  applications: z.array(expandable(leverApplicationSchema)).nullish(),
  createdAt: leverTime.nullish(),
  lastAdvancedAt: leverTime.nullish(),
  urls: z.object({ show: z.string().nullish() }).nullish(),
  isAnonymized: z.boolean().nullish(),
  owner: leverUserReference,
  followers: z.array(leverUserReference).nullish().catch(null),
});
export type LeverOpportunity = z.infer<typeof leverOpportunitySchema>;

/** The text stands in the fields; `text` of the note itself is the form's title. */
export const leverNoteSchema = z.object({
  id: leverId,
  fields: z.array(z.object({ value: z.unknown() })).nullish(),
  deletedAt: leverTime.nullish(),
});

/** Documented with `noteId` alone, seen with the whole note. */
export const leverNoteReceiptSchema = z
  .object({ noteId: leverId.nullish().catch(null), id: leverId.nullish().catch(null) })
  .transform(({ noteId, id }) => noteId ?? id ?? null);

/** Of whatever a POST made, its id. */
export const leverMadeSchema = z.object({ id: leverId });

/** Time and size are text in the documentation's examples; neither is read. */
export const leverFileSchema = z
  .object({ id: leverId, name: z.string().nullish(), ext: z.string().nullish() })
  .transform(({ id, name, ext }) => ({ id, name: name ?? '', ext: ext ?? '' }));

export const leverFeedbackTemplateSchema = z.object({
  id: leverId,
  text: z.string().nullish(),
  fields: z.array(
    z.object({
      id: leverId,
      type: z.string().catch(''),
      text: z.string().nullish(),
      required: z.boolean().nullish(),
      options: z
        .array(z.object({ text: z.string() }))
        .nullish()
        .catch(null)
        .transform((options) => options ?? []),
    }),
  ),
});
export type LeverFeedbackTemplate = z.infer<typeof leverFeedbackTemplateSchema>;

export const leverFeedbackSchema = z.object({ id: leverId, fields: z.array(z.object({ value: z.unknown() })).nullish() });

export const leverContactSchema = z.object({
  id: leverId,
  name: z.string().nullish(),
  emails: texts,
  isAnonymized: z.boolean().nullish(),
});
export type LeverContact = z.infer<typeof leverContactSchema>;

/** A row of the deleted list: an opportunity, and when it went. */
export const leverDeletedSchema = z.object({ id: leverId, deletedAt: leverTime.nullish().catch(null) });

export const leverHintSchema = z.object({
  event: z.string().max(100),
  data: z.object({ opportunityId: z.string().min(1).max(100) }),
});
