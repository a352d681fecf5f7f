import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { AtsFeedback, AtsFeedbackForm } from '../operations.ts';
import type { WriteTarget } from '../port.ts';
import { requireAuthor } from './author.ts';
import type { LeverClient } from './client.ts';
import { mapped, refused } from './results.ts';
import { type LeverFeedbackTemplate, leverFeedbackSchema, leverFeedbackTemplateSchema, leverMadeSchema } from './schemas.ts';

const TEXT_TYPES = ['textarea', 'text'];

/** https://hire.lever.co/developer/documentation#list-all-feedback-templates */
export async function listFeedbackForms(client: LeverClient): Promise<CallResult<AtsFeedbackForm[]>> {
  return mapped(await client.list(['feedback_templates'], {}, leverFeedbackTemplateSchema), toFeedbackForms);
}

export function toFeedbackForms(templates: readonly LeverFeedbackTemplate[]): AtsFeedbackForm[] {
  return templates.map(({ id, text, fields }) => {
    const scores = fields.filter(({ type }) => type === 'score-system');
    const [score] = scores;
    return {
      formId: id,
      name: text?.trim() || id,
      // Lever takes templates with exactly one; with several nobody could say which is meant.
      scoreField: score && scores.length === 1 ? { fieldId: score.id, options: worstFirst(score.options) } : null,
      // A long text has room for what we say; a short one will do.
      textFields: TEXT_TYPES.flatMap((type) => fields.filter((field) => field.type === type)).map((field) => ({
        fieldId: field.id,
        name: field.text ?? '',
      })),
    };
  });
}

/** Lever lists "4 - Strong Hire" first: the numbers tell. Without numbers its order stays. */
function worstFirst(options: readonly { text: string }[]): string[] {
  const texts = options.map(({ text }) => text);
  const numberOf = (text: string) => Number.parseInt(text, 10);
  return texts.some((text) => Number.isNaN(numberOf(text))) ? texts : texts.toSorted((a, b) => numberOf(a) - numberOf(b));
}

/** https://hire.lever.co/developer/documentation#list-all-feedback ; also what somebody deleted since counts as found. */
export async function findFeedback(
  client: LeverClient,
  target: WriteTarget,
  reference: string,
): Promise<CallResult<'found' | 'absent' | 'cannot-look'>> {
  const listed = await client.list(['opportunities', target.applicationId, 'feedback'], {}, leverFeedbackSchema);
  if (!listed.ok) return listed.kind === 'forbidden' ? succeed('cannot-look') : listed;
  const values = listed.value.flatMap(({ fields }) => (fields ?? []).map(({ value }) => value));
  return succeed(values.some((value) => typeof value === 'string' && value.includes(reference)) ? 'found' : 'absent');
}

/**
 * https://hire.lever.co/developer/documentation#create-a-feedback-form ; it stands there as completed at once, in the author's name.
 * The form is read first, because a choice has to be one of its options to the letter and the form may have changed since it was chosen.
 */
export async function writeFeedback(
  client: LeverClient,
  target: WriteTarget,
  performAs: string,
  feedback: AtsFeedback,
): Promise<CallResult<{ feedbackId: string | null }>> {
  const actor = requireAuthor({ actingUserId: feedback.authorUserId || target.actingUserId }, performAs);
  if (!actor.ok) return actor;
  const templates = await client.list(['feedback_templates'], {}, leverFeedbackTemplateSchema);
  if (!templates.ok) return templates;
  const values = toFieldValues(templates.value, feedback);
  if (!values.ok) return values;
  const json = { baseTemplateId: feedback.formId, fieldValues: values.value };
  // An opinion never appears in another one's name than the one that was chosen for it.
  const author = { ...actor.value, isBinding: true };
  const made = await client.write('POST', ['opportunities', target.applicationId, 'feedback'], { json }, author);
  return mapped(made, (value) => ({ feedbackId: leverMadeSchema.safeParse(value).data?.id ?? null }));
}

export function toFieldValues(
  templates: readonly LeverFeedbackTemplate[],
  { formId, score, text, reference }: AtsFeedback,
): CallResult<{ id: string; value: string }[]> {
  const template = templates.find(({ id }) => id === formId);
  const [form] = template ? toFeedbackForms([template]) : [];
  if (!template || !form) return refused('The feedback form is no longer there in Lever. Choose another one.');
  const [textField] = form.textFields;
  if (!textField) return refused(`The feedback form "${form.name}" has no field for a text. Choose another one.`);
  if (score !== null && !form.scoreField?.options.includes(score))
    return refused(`The feedback form "${form.name}" has no score "${score}" any more.`);
  const whole = text.includes(reference) ? text : `${text}\n${reference}`;
  const values = [{ id: textField.fieldId, value: whole }];
  if (score !== null && form.scoreField) values.unshift({ id: form.scoreField.fieldId, value: score });
  const missing = template.fields.find(({ id, required }) => required && !values.some((value) => value.id === id));
  if (missing) return refused(`The feedback form "${form.name}" asks for more than we know: ${missing.text || missing.type}.`);
  return succeed(values);
}
