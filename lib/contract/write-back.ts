import { z } from 'zod';

/** What of an ATS may be chosen as the place to write into. */

export const FIELD_TYPES = ['text', 'number', 'choice'] as const;

export const fieldsViewSchema = z.object({
  fields: z.array(
    z.object({
      fieldId: z.string(),
      name: z.string(),
      on: z.enum(['application', 'candidate']),
      type: z.enum(FIELD_TYPES).describe('Only kinds in which something can be written.'),
      choices: z.array(z.string()).describe('For `choice`: what may be chosen.'),
    }),
  ),
});
export type FieldsView = z.infer<typeof fieldsViewSchema>;

export const feedbackFormsViewSchema = z.object({
  forms: z.array(
    z.object({
      formId: z.string(),
      name: z.string(),
      scores: z.array(z.string()).describe('The form’s own scores, to the letter, worst first where the ATS tells.'),
    }),
  ),
});
export type FeedbackFormsView = z.infer<typeof feedbackFormsViewSchema>;
