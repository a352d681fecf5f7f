import { Hono } from 'hono';
import { z } from 'zod';
import type { LeverFeedback, LeverFeedbackTemplate } from '../types.ts';
import type { LeverApi, LeverApiEnv } from './api-env.ts';
import { badRequest, forbidden, notFound } from './api-error.ts';
import { permit } from './authenticate.ts';
import { getOpportunity, readActor } from './find-visible.ts';
import { readBody } from './read-body.ts';
import { LeverQuery } from './read-query.ts';
import { PAGE_PARAMETERS, toPage } from './to-page.ts';

/** Inferred from templates seen live, and from Lever's list of field types. */
const FIELD_TYPES = [
  'code',
  'date',
  'dropdown',
  'multiple-choice',
  'multiple-select',
  'score-system',
  'scorecard',
  'text',
  'textarea',
  'yes-no',
] as const;
const fieldSchema = z.strictObject({
  type: z.enum(FIELD_TYPES),
  text: z.string().min(1),
  description: z.string().default(''),
  required: z.boolean().default(false),
  options: z.array(z.strictObject({ text: z.string() })).optional(),
});
/** The account's own words for scores, best first, as seen live; a template's own are not taken. */
export const SCORES = {
  prompt: 'Select one',
  options: ['4 - Strong Hire', '3 - Hire', '2 - No Hire', '1 - Strong No Hire'].map((text) => ({ text })),
};

const templateSchema = z.strictObject({
  text: z.string().min(1),
  instructions: z.string().default(''),
  fields: z.array(fieldSchema),
});
const feedbackSchema = z.strictObject({
  baseTemplateId: z.string(),
  fieldValues: z.array(z.strictObject({ id: z.string(), value: z.unknown() })).default([]),
  panel: z.string().optional(),
  interview: z.string().optional(),
  createdAt: z.number().int().optional(),
  completedAt: z.number().int().optional(),
});

const changeSchema = z.strictObject({
  fieldValues: z.array(z.strictObject({ id: z.string(), value: z.unknown() })).optional(),
  completedAt: z.number().int().optional(),
});

/** Feedback templates, and the scored forms made from them. */
export function feedbackTemplateRoutes({ account, random, nowMs, settings }: LeverApi): Hono<LeverApiEnv> {
  const app = new Hono<LeverApiEnv>();
  const getTemplate = (id: string): LeverFeedbackTemplate => {
    const template = account.feedbackTemplates.get(id);
    if (!template) throw notFound('feedback_templates', id);
    return template;
  };

  app.get('/', permit('feedback_templates:read'), (c) => {
    const query = new LeverQuery(c, { once: PAGE_PARAMETERS });
    const { rows, ...next } = toPage({
      rows: [...account.feedbackTemplates.values()],
      query,
      keyOf: ({ createdAt, id }) => [createdAt ?? 0, id],
      acceptDoubleEncodedOffset: settings.acceptDoubleEncodedOffset,
    });
    return c.json({ data: rows.map(toTemplate), ...next });
  });
  app.get('/:id', permit('feedback_templates:read'), (c) => c.json({ data: toTemplate(getTemplate(c.req.param('id'))) }));

  app.post('/', permit('feedback_templates:write'), async (c) => {
    const { fields, ...body } = await readBody(c, templateSchema);
    const scores = fields.filter(({ type }) => type === 'score-system');
    if (scores.length !== 1) throw badRequest('A feedback template needs exactly one score-system field');
    const withIds = fields.map((field) => ({ id: random.uuid(), ...field, ...(field.type === 'score-system' && SCORES) }));
    const times = { createdAt: nowMs(), updatedAt: nowMs() };
    const template: LeverFeedbackTemplate = { id: random.uuid(), ...body, fields: withIds, createdByApi: true, ...times };
    account.feedbackTemplates.set(template.id, template);
    return c.json({ data: toTemplate(template) }, 201);
  });
  app.delete('/:id', permit('feedback_templates:write'), (c) => {
    const template = getTemplate(c.req.param('id'));
    if (!template.createdByApi) throw forbidden('Only templates created through the API can be deleted through it');
    account.feedbackTemplates.delete(template.id);
    return c.body(null, 204);
  });
  return app;
}

/** `/opportunities/:opportunity/feedback`. Every write must say whom it is attributed to. */
export function feedbackRoutes(api: LeverApi): Hono<LeverApiEnv> {
  const { account, random, nowMs } = api;
  const app = new Hono<LeverApiEnv>();
  const getFeedback = (opportunityId: string, id: string): LeverFeedback => {
    const feedback = account.feedback.get(id);
    if (feedback?.opportunityId !== opportunityId) throw notFound('feedback', id);
    return feedback;
  };

  app.get('/', permit('feedback:read'), (c) => {
    const { id } = getOpportunity(api, c);
    const data = [...account.feedback.values()].filter(({ opportunityId }) => opportunityId === id);
    return c.json({ data: data.map((feedback) => toFeedback(api, feedback)), hasNext: false });
  });
  app.get('/:feedback', permit('feedback:read'), (c) => {
    return c.json({ data: toFeedback(api, getFeedback(getOpportunity(api, c).id, c.req.param('feedback'))) });
  });

  app.post('/', permit('feedback:write'), async (c) => {
    const opportunity = getOpportunity(api, c);
    const user = readActor(api, c, { required: true }) ?? '';
    const body = await readBody(c, feedbackSchema);
    if ((body.panel === undefined) !== (body.interview === undefined)) throw badRequest('panel and interview go together');
    const template = account.feedbackTemplates.get(body.baseTemplateId);
    if (!template) throw badRequest(`feedback_templates ${body.baseTemplateId} was not found`);
    if (body.fieldValues.length > 0) ensureValuesFit(template, body.fieldValues);
    for (const time of [body.createdAt, body.completedAt])
      if (time !== undefined && time > nowMs()) throw badRequest('createdAt and completedAt must be in the past');
    const feedback: LeverFeedback = {
      id: random.uuid(),
      opportunityId: opportunity.id,
      baseTemplateId: template.id,
      fieldValues: body.fieldValues,
      user,
      panel: body.panel ?? null,
      interview: body.interview ?? null,
      createdAt: body.createdAt ?? nowMs(),
      completedAt: body.completedAt ?? nowMs(),
    };
    account.feedback.set(feedback.id, feedback);
    return c.json({ data: toFeedback(api, feedback) }, 201);
  });

  app.put('/:feedback', permit('feedback:write'), async (c) => {
    const feedback = getFeedback(getOpportunity(api, c).id, c.req.param('feedback'));
    readActor(api, c, { required: true });
    const { fieldValues, completedAt } = await readBody(c, changeSchema);
    const template = account.feedbackTemplates.get(feedback.baseTemplateId);
    if (fieldValues && template) ensureValuesFit(template, fieldValues);
    Object.assign(feedback, { ...(fieldValues && { fieldValues }), ...(completedAt !== undefined && { completedAt }) });
    return c.json({ data: toChangedFeedback(api, feedback) });
  });

  app.delete('/:feedback', permit('feedback:write'), (c) => {
    readActor(api, c, { required: true });
    account.feedback.delete(getFeedback(getOpportunity(api, c).id, c.req.param('feedback')).id);
    return c.body(null, 204);
  });
  return app;
}

/** A value must be one of the option's texts, to the letter; what is required must be there. */
function ensureValuesFit(template: LeverFeedbackTemplate, values: LeverFeedback['fieldValues']): void {
  for (const { id, value } of values) {
    const field = template.fields.find((candidate) => candidate.id === id);
    if (!field) throw badRequest(`The template has no field ${id}`);
    if (field.options && !field.options.some(({ text }) => text === value)) throw badRequest(`${field.text}: no such option`);
  }
  const missing = template.fields.find(({ id, required }) => required && !values.some((value) => value.id === id));
  if (missing) throw badRequest(`${missing.text} is required`);
}

/** Whoever made it: Lever does not tell. */
function toTemplate({ createdByApi: _left, ...template }: LeverFeedbackTemplate) {
  return { ...template, group: null, stage: null };
}

/** The answer to a change has other keys than everything else, as seen live. */
function toChangedFeedback(api: LeverApi, feedback: LeverFeedback) {
  const { id, baseTemplateId, createdAt, completedAt, fields } = toFeedback(api, feedback);
  const renamed = fields.map(({ type, ...field }) => ({ ...field, type: type === 'score-system' ? 'score' : type }));
  const { user: userId, opportunityId: profileId } = feedback;
  return { id, profileId, userId, isCompleted: true, baseTemplateId, fields: renamed, createdAt, completedAt };
}

function toFeedback({ account }: LeverApi, feedback: LeverFeedback) {
  const template = account.feedbackTemplates.get(feedback.baseTemplateId);
  const { fieldValues, opportunityId: _opportunity, ...rest } = feedback;
  const fields = (template?.fields ?? []).map((field) => ({
    ...field,
    value: fieldValues.find(({ id }) => id === field.id)?.value ?? null,
  }));
  const words = { type: 'interview', text: template?.text ?? '', instructions: template?.instructions ?? '' };
  return { ...rest, ...words, fields, deletedAt: null };
}
