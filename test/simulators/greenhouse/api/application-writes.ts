import * as z from 'zod';
import { hireApplication, rejectApplication, unrejectApplication } from '../acts/outcomes.ts';
import { updateApplication } from '../acts/people.ts';
import { advanceApplication, moveApplication, transferApplication } from '../acts/stages.ts';
import type { Application } from '../world/records.ts';
import { type Call, toActor } from './call.ts';
import { customFieldValues, mergeCustomFields } from './custom-field-values.ts';
import { unprocessable } from './errors.ts';
import { toApplicationJson } from './lists/application-list.ts';
import { defineWrite, emptyAnswer, needApplication } from './write.ts';

const id = z.int().positive();

export const moveWrite = defineWrite({
  method: 'post',
  path: '/applications/:id/move',
  scope: 'harvest:applications:move',
  body: z.strictObject({
    from_stage_id: id,
    to_stage_id: id.optional(),
    to_job_id: id.optional(),
    email_from_user_id: id.optional(),
  }),
  run(call, body, applicationId) {
    const application = needApplication(call, applicationId);
    const by = toActor(call);
    needUser(call, 'email_from_user_id', body.email_from_user_id);
    needCurrentStage(call, application, body.from_stage_id);
    // Inferred: one target, not two.
    if (body.to_stage_id && body.to_job_id) throw unprocessable('Give to_stage_id or to_job_id, not both.');
    if (body.to_job_id) transferApplication(call.world, by, { applicationId, jobId: body.to_job_id });
    else if (body.to_stage_id) moveApplication(call.world, by, { applicationId, stageId: body.to_stage_id });
    else advanceApplication(call.world, by, { applicationId });
    return emptyAnswer();
  },
});

/** Inferred: an id in the body of a user that does not exist is a 422. */
function needUser({ world }: Call, field: string, id: number | null | undefined): void {
  if (id != null && !world.users.find(id)) throw unprocessable({ [field]: 'does not exist' });
}

/** Guards against stale moves. Whether the row's id or the definition's is meant is a setting, being unresolved. */
function needCurrentStage({ world }: Call, application: Application, given: number): void {
  const row = world.currentRow(application);
  const expected = world.settings.fromStageId === 'application-stage' ? row?.id : row?.stageId;
  if (given !== expected) throw unprocessable({ from_stage_id: "does not match the application's current stage" });
}

export const rejectWrite = defineWrite({
  method: 'post',
  path: '/applications/:id/reject',
  scope: 'harvest:applications:reject',
  body: z.strictObject({
    rejection_reason_id: id,
    notes: z.string().optional(),
    rejection_email: z
      .strictObject({ email_template_id: id, send_email_at: z.iso.datetime().optional(), email_from_user_id: id.optional() })
      .optional(),
    custom_fields: customFieldValues.optional(),
  }),
  run(call, body, applicationId) {
    needApplication(call, applicationId);
    // This company has no e-mail templates, and asks nothing of those who reject.
    if (body.rejection_email) throw unprocessable({ 'rejection_email.email_template_id': 'does not exist' });
    mergeCustomFields(call.world, { of: 'rejection_question', kept: {}, written: body.custom_fields ?? [] });
    rejectApplication(call.world, toActor(call), { applicationId, reasonId: body.rejection_reason_id, notes: body.notes });
    return emptyAnswer();
  },
});

export const unrejectWrite = defineWrite({
  method: 'post',
  path: '/applications/:id/unreject',
  scope: 'harvest:applications:unreject',
  body: z.strictObject({}),
  run(call, _body, applicationId) {
    needApplication(call, applicationId);
    unrejectApplication(call.world, toActor(call), { applicationId });
    return emptyAnswer();
  },
});

export const hireWrite = defineWrite({
  method: 'post',
  path: '/applications/:id/hire',
  scope: 'harvest:applications:hire',
  body: z.strictObject({ start_date: z.iso.datetime().optional(), opening_id: id.optional(), close_reason_id: id.optional() }),
  run(call, body, applicationId) {
    needApplication(call, applicationId);
    // There are none here, so that each is an unknown one.
    if (body.close_reason_id !== undefined) throw unprocessable({ close_reason_id: 'does not exist' });
    const wanted = { openingId: body.opening_id, startsAt: body.start_date };
    hireApplication(call.world, toActor(call), { applicationId, ...wanted });
    return emptyAnswer();
  },
});

export const applicationUpdate = defineWrite({
  method: 'patch',
  path: '/applications/:id',
  scope: 'harvest:applications:update',
  body: z.strictObject({
    source_id: id.nullable().optional(),
    referrer_id: id.nullable().optional(),
    recruiter_id: id.nullable().optional(),
    coordinator_id: id.nullable().optional(),
    prospect_pool_id: id.nullable().optional(),
    prospect_stage_id: id.nullable().optional(),
    rejected_at: z.iso.date().optional(),
    created_at: z.iso.date().optional(),
    custom_fields: customFieldValues.optional(),
  }),
  run(call, body, applicationId) {
    const application = needApplication(call, applicationId);
    for (const field of ['recruiter_id', 'coordinator_id', 'referrer_id'] as const) needUser(call, field, body[field]);
    const people = { recruiterId: body.recruiter_id, coordinatorId: body.coordinator_id, referrerId: body.referrer_id };
    const given = Object.fromEntries(Object.entries(people).filter(([, value]) => value !== undefined));
    const fields = { of: 'application' as const, kept: application.customFields, written: body.custom_fields ?? [] };
    const customFields = mergeCustomFields(call.world, fields);
    updateApplication(call.world, toActor(call), applicationId, { ...given, customFields });
    return Response.json(toApplicationJson(application, call.world));
  },
});
