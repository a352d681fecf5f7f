import * as z from 'zod';
import { changeRejectionReason } from '../acts/outcomes.ts';
import { toActor } from './call.ts';
import { notFound } from './errors.ts';
import { toRejectionDetailJson } from './lists/company-lists.ts';
import { defineWrite, needApplication } from './write.ts';

/** Another reason for a rejection that stands. Inferred: the body is the reason alone, the answer the row. */
export const rejectionDetailUpdate = defineWrite({
  method: 'patch',
  path: '/rejection_details/:id',
  scope: 'harvest:rejection_details:update',
  body: z.strictObject({ rejection_reason_id: z.int().positive() }),
  run(call, { rejection_reason_id: reasonId }, detailId) {
    const detail = call.world.rejectionDetails.find(detailId);
    if (!detail) throw notFound();
    needApplication(call, detail.applicationId);
    return Response.json(toRejectionDetailJson(changeRejectionReason(call.world, toActor(call), { detailId, reasonId })));
  },
});
