import { createRoute } from '@hono/zod-openapi';
import { PATHS } from '../../lib/contract/paths.ts';
import {
  type FeedbackFormsView,
  FIELD_TYPES,
  type FieldsView,
  feedbackFormsViewSchema,
  fieldsViewSchema,
} from '../../lib/contract/write-back.ts';
import type { AtsFeedbackForm, AtsField } from '../ats/operations.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { json, refusals } from './answers.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';
import { failureToError } from './describe-failure.ts';
import type { HttpParts } from './http-parts.ts';
import { idParams } from './id-params.ts';
import { kindName } from './kind-name.ts';
import { needs } from './needs.ts';
import { getConnection } from './read-connections.ts';

const listFields = createRoute({
  method: 'get',
  path: PATHS.connectionFields,
  summary: 'The custom fields of an ATS in which status or score can be written',
  ...needs('admin'),
  request: { params: idParams },
  responses: { 200: json(fieldsViewSchema, 'As the ATS has them now'), ...refusals },
});

const listForms = createRoute({
  method: 'get',
  path: PATHS.feedbackForms,
  summary: 'The feedback forms of an ATS that can be filled in, with their scores',
  ...needs('admin'),
  request: { params: idParams },
  responses: { 200: json(feedbackFormsViewSchema, 'As the ATS has them now'), ...refusals },
});

/** What may be chosen as the place to write into; listed with the credential that will write. */
export function addWriteBackRoutes(app: App, services: Services, parts: HttpParts): void {
  const open = async (id: string) => {
    const row = await getConnection(services.db, id, 'ats');
    const { operations } = await parts.connectAts(id);
    return { name: kindName(row.kind), operations };
  };
  app.openapi(listFields, async (c) => {
    const { name, operations } = await open(c.req.valid('param').id);
    if (!operations.listFields) throw new ApiError('invalid', { message: say('server.write-back.no-fields', { name }) });
    const listed = await operations.listFields();
    if (!listed.ok) throw failureToError(listed, { name, side: 'ats' });
    return c.json({ fields: toFields(listed.value) }, 200);
  });
  app.openapi(listForms, async (c) => {
    const { name, operations } = await open(c.req.valid('param').id);
    if (!operations.listFeedbackForms) throw new ApiError('invalid', { message: say('server.write-back.no-forms', { name }) });
    const listed = await operations.listFeedbackForms();
    if (!listed.ok) throw failureToError(listed, { name, side: 'ats' });
    return c.json({ forms: toForms(listed.value) }, 200);
  });
}

function toFields(fields: readonly AtsField[]): FieldsView['fields'] {
  return fields.flatMap(({ fieldId, name, on, type, choices }) => {
    const writable = FIELD_TYPES.find((known) => known === type);
    return writable ? [{ fieldId, name, on, type: writable, choices: choices.map((choice) => choice.name) }] : [];
  });
}

/** Without a field for text it could not hold our reference, by which it is written once only. */
function toForms(forms: readonly AtsFeedbackForm[]): FeedbackFormsView['forms'] {
  return forms.flatMap(({ formId, name, scoreField, textFields }) =>
    textFields.length > 0 ? [{ formId, name, scores: scoreField?.options ?? [] }] : [],
  );
}
