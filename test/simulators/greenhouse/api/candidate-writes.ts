import * as z from 'zod';
import { updateCandidate } from '../acts/people.ts';
import { toActor } from './call.ts';
import { customFieldValues, mergeCustomFields } from './custom-field-values.ts';
import { toCandidateJson } from './lists/candidate-list.ts';
import { defineWrite, needCandidate } from './write.ts';

const text = z.string().nullable().optional();
const contacts = z.array(z.strictObject({ value: z.string().min(1), type: z.string() })).optional();

export const candidateUpdate = defineWrite({
  method: 'patch',
  path: '/candidates/:id',
  scope: 'harvest:candidates:update',
  body: z.strictObject({
    first_name: text,
    last_name: text,
    preferred_name: text,
    company: text,
    title: text,
    is_private: z.boolean().optional(),
    can_email: z.boolean().optional(),
    email_addresses: contacts,
    phone_numbers: contacts,
    addresses: contacts,
    website_addresses: contacts,
    social_media_addresses: z.array(z.strictObject({ value: z.string() })).optional(),
    tags: z.array(z.string().min(1)).optional(),
    custom_fields: customFieldValues.optional(),
  }),
  run(call, body, candidateId) {
    const candidate = needCandidate(call, candidateId);
    const names = { firstName: body.first_name, lastName: body.last_name, preferredName: body.preferred_name };
    const plain = { company: body.company, title: body.title, private: body.is_private, canEmail: body.can_email };
    const reach = { emails: body.email_addresses, phones: body.phone_numbers, addresses: body.addresses };
    const links = { websites: body.website_addresses, socialMedia: body.social_media_addresses };
    const wanted = Object.entries({ ...names, ...plain, ...reach, ...links }).filter(([, value]) => value !== undefined);
    const fields = { of: 'candidate' as const, kept: candidate.customFields, written: body.custom_fields ?? [] };
    const customFields = mergeCustomFields(call.world, fields);
    updateCandidate(call.world, toActor(call), candidateId, { ...Object.fromEntries(wanted), customFields }, body.tags);
    if (call.world.settings.candidateUpdateAnswer === 'message') return Response.json({ message: 'The update was accepted.' });
    return Response.json(toCandidateJson(candidate, call.world));
  },
});
