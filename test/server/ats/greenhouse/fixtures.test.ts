/** Every documented reply of Greenhouse's two APIs, as the product reads it. Webhooks: to-hints.test.ts; users: list-users.test.ts. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import * as v3 from '../../../../server/ats/greenhouse/schemas.ts';
import * as v1 from '../../../../server/ats/greenhouse-v1/schemas.ts';
import { parseJson } from '../../../../server/outbound/parse-json.ts';
import { toCallResult } from '../../../../server/outbound/to-call-result.ts';

const FOLDER = new URL('../../../fixtures/greenhouse/', import.meta.url);
const bytesOf = (file: string) => readFileSync(new URL(file, FOLDER));
const read = (name: string) => parseJson(bytesOf(`${name}.json`).toString('utf8'));

/** A reply, how it is read, and one thing that must have come through. */
const REPLIES: [name: string, schema: z.ZodType, expected: unknown][] = [
  ['application', v3.greenhouseApplicationSchema, { id: '273686618002', job_interview_stage_id: '11774665002' }],
  ['application-updated', v3.greenhouseApplicationSchema, { id: '273686618002' }],
  [
    'applications',
    v3.greenhouseApplicationSchema.array(),
    ['converted', 'in_process', 'hired', 'rejected', 'in_process'].map((status) => expect.objectContaining({ status })),
  ],
  [
    'applications-beyond-2-to-the-53',
    v3.greenhouseApplicationSchema.array(),
    [{ id: '9007199254740993', candidate_id: '9007199254740995', job_interview_stage_id: '9007199254741001' }],
  ],
  ['application-stages', v3.greenhouseApplicationStageSchema.array(), [{}, { current: true }, { current: false }]],
  ['candidate', v3.greenhouseCandidateSchema, { tags: ['Senior SWE', 'Referral 2026'] }],
  [
    'candidates',
    v3.greenhouseCandidateSchema.array(),
    [
      { private: true, can_email: false, first_name: null, email_addresses: [] },
      { private: false, email_addresses: ['alba@candidate.example'] },
    ],
  ],
  ['job', v3.greenhouseJobSchema, { id: '4310442002', name: 'Backend Engineer' }],
  [
    'jobs',
    v3.greenhouseJobRowSchema.array(),
    [{ is_template: true }, { confidential: true }, { status: 'closed' }, { status: 'draft' }, { status: 'open' }],
  ],
  ['job-interview-stages', v3.greenhouseJobStageSchema.array(), [{ sort_order: 3 }, {}, {}, { sort_order: 0 }]],
  [
    'openings',
    v3.greenhouseOpeningSchema.array(),
    [
      { id: '61003002', opening_id: 'ENG-104-2', open: true },
      { opening_id: null, open: true },
      { open: false, closed_at: '2026-11-02T00:00:00.000Z' },
    ],
  ],
  ['job-posts', v3.greenhouseJobPostSchema.array(), [{ live: false }, { live: true, title: 'Backend Engineer' }]],
  ['notes', v3.greenhouseNoteSchema.array(), [{ body: null }, {}, { body: 'Senior SWE was sent. (TA-7Q2M)' }]],
  ['note-created', v3.greenhouseCreatedSchema, { id: '800014002' }],
  ['note-created-written-word', v3.greenhouseCreatedSchema, { id: '800015002' }],
  ['candidate-tags', v3.greenhouseTagSchema.array(), [{ name: 'Referral 2026' }, { name: 'Senior SWE' }]],
  ['candidate-tag-created', v3.greenhouseCreatedSchema, { id: '16044906002' }],
  ['applied-candidate-tags', v3.greenhouseAppliedTagSchema.array(), [{}, { candidate_tag_id: '16044902002' }]],
  ['applied-candidate-tag-created', v3.greenhouseCreatedSchema, { id: '344901181002' }],
  ['rejection-reasons', v3.greenhouseRejectionReasonSchema.array(), [{}, { name: 'Accepted other offer' }]],
  ['rejection-reasons-all-types', v3.greenhouseRejectionReasonSchema.array(), [{}, {}, {}, { id: '4010002' }]],
  ['rejection-reason-alone', v3.greenhouseRejectionReasonSchema, { id: '4011002' }],
  [
    'rejection-details',
    v3.greenhouseRejectionDetailSchema.array(),
    [{ application_id: '273686619002', rejection_reason_id: '4011002', rejected_at: '2026-11-19T16:40:03.511Z' }],
  ],
  ['rejection-detail-updated', v3.greenhouseRejectionDetailSchema, { rejection_reason_id: '4010002' }],
  [
    'custom-fields-of-applications',
    v3.greenhouseCustomFieldSchema.array(),
    expect.arrayContaining([expect.objectContaining({ name: 'Assessment score', value_type: 'number', active: true })]),
  ],
  ['custom-fields-of-candidates', v3.greenhouseCustomFieldSchema.array(), [{}, { value_type: 'short_text' }]],
  [
    'custom-field-options',
    v3.greenhouseCustomFieldOptionSchema.array(),
    [{}, {}, { id: '77001002', custom_field_id: '31001002', name: 'Sent' }],
  ],
  ['attachments', v3.greenhouseAttachmentSchema.array(), [{ filename: 'Assessment report TA-7Q2M.pdf' }, {}, {}]],
  ['attachment-created', v3.greenhouseCreatedSchema, { id: '505663002' }],
  ['token-expires-in', v3.greenhouseTokenSchema, { expires_in: 3600 }],
  ['token-expires-at', v3.greenhouseTokenSchema, { expires_at: '2026-11-21T13:00:00.000Z' }],
  ['token-both', v3.greenhouseTokenSchema, { expires_in: 3600, expires_at: '2026-11-21T13:00:00.000Z' }],
  ['token-expires', v3.greenhouseTokenSchema, { expires: '2026-11-21T13:00:00.000Z' }],
  [
    'introspection',
    v3.greenhouseIntrospectionSchema,
    { active: true, 'https://auth.greenhouse.io/claims': { organization: { name: 'Northwind' } } },
  ],
  ['introspection-inactive', v3.greenhouseIntrospectionSchema, { active: false }],
  ['v1-application', v1.greenhouseV1ApplicationSchema, { current_stage: { id: '11774665002' }, jobs: [{ id: '4310442002' }] }],
  [
    'v1-applications',
    v1.greenhouseV1ApplicationSchema.array(),
    [{}, { rejection_reason: { name: 'Accepted other offer' } }, { status: 'hired', current_stage: null }, { prospect: true }],
  ],
  [
    'v1-candidate',
    v1.greenhouseV1CandidateSchema,
    { tags: ['Senior SWE'], applications: [{}], keyed_custom_fields: { assessment_score: { type: 'number' } } },
  ],
  ['v1-activity-feed', v1.greenhouseV1FeedSchema, { notes: [{ id: '800011002' }], activities: [{ id: '930117802002' }] }],
  ['v1-jobs', v1.greenhouseV1JobRowSchema.array(), [{ status: 'open', confidential: false }]],
  ['v1-job-stages', v1.greenhouseV1StageSchema.array(), [{ priority: 0 }, { priority: 1, job_id: '4310442002' }]],
  ['v1-openings', v1.greenhouseV1OpeningSchema.array(), [{ status: 'open', opening_id: null }, { status: 'closed' }]],
  ['v1-job-posts', v1.greenhouseV1JobPostSchema.array(), [{ job_id: '4310442002', live: true }]],
];

/** Every error body that has been seen, and what it means; `write` where that matters. */
const ERRORS: [file: string, status: number, kind: string, detail: string][] = [
  ['error-401.json', 401, 'unauthorised', 'Unauthorized: Token could not be decoded'],
  ['error-404.json', 404, 'not-found', 'Resource not found'],
  ['error-422-text.json', 422, 'refused', 'Unprocessable Content: When passing a cursor'],
  ['error-422-field.json', 422, 'refused', 'rejection_reason_id is required'],
  ['error-422-both.json', 422, 'refused', 'Application is rejected; opening_id is required'],
  ['error-in-the-style-of-v1.json', 422, 'refused', 'does not exist'],
  ['error-429.json', 429, 'rate-limited', 'Too Many Requests'],
  ['error-503.html', 503, 'ambiguous', 'status 503'],
  ['error-503.html', 200, 'ambiguous', 'not JSON'],
  ['error-token-401.json', 401, 'unauthorised', 'invalid_client'],
  ['error-token-400.json', 400, 'refused', 'malformed'],
  ['v1-error-401.json', 401, 'unauthorised', 'Invalid Basic Auth credentials'],
  ['v1-error-403.json', 403, 'forbidden', 'does not have permission'],
  ['v1-error-404.json', 404, 'not-found', 'Resource not found'],
  ['v1-error-422.json', 422, 'refused', 'visibility must be one of'],
  ['v1-error-429.json', 429, 'rate-limited', 'Throttled'],
];

describe('a documented reply', () => {
  it.each(REPLIES)('%s is read', (name, schema, expected) => {
    expect(schema.parse(read(name))).toMatchObject(expected as object);
  });

  it.each(ERRORS)('%s with %d for a write means: %s', (file, status, kind, detail) => {
    const answer = { status, headers: {}, bytes: bytesOf(file) };
    expect(toCallResult({ kind: 'answered', answer }, { write: true, now: new Date() })).toMatchObject({
      ok: false,
      kind,
      detail: expect.stringContaining(detail),
    });
  });

  it('the address of an attachment is not even read', () => {
    const given = JSON.stringify(read('attachments'));
    expect(given).toContain('X-Amz-Signature');
    expect(JSON.stringify(v3.greenhouseAttachmentSchema.array().parse(read('attachments')))).not.toContain('http');
  });

  it('that lies in the folder is checked somewhere', () => {
    const checked = new Set([...REPLIES.map(([name]) => `${name}.json`), ...ERRORS.map(([file]) => file), ...ELSEWHERE]);
    const forgotten = readdirSync(FOLDER).filter((file) => !checked.has(file) && !file.startsWith('webhook-'));
    expect(forgotten).toEqual([]);
  });
});

const ELSEWHERE = ['user.json', 'v1-user.json', 'candidate-update-message.json', 'v1-note-created.json'];
