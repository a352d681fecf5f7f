import { describe, expect, test } from 'vitest';
import { greenhouseRightOf } from '../../../server/ats/greenhouse/right-of.ts';
import { leverRightOf } from '../../../server/ats/lever/right-of.ts';
import { nameMissingRight } from '../../../server/ats/name-missing-right.ts';
import { SCOPES } from '../../simulators/lever/oauth/scopes.ts';

describe('the scope that a call of Harvest v3 takes', () => {
  test.each([
    ['GET', '/applications', 'harvest:applications:list'],
    ['GET', '/rejection_reasons/12', 'harvest:rejection_reasons:list'],
    ['POST', '/notes', 'harvest:notes:create'],
    ['POST', '/applications/259096501002/move', 'harvest:applications:move'],
    ['PATCH', '/candidates/7', 'harvest:candidates:update'],
    ['DELETE', '/applied_candidate_tags/7', 'harvest:applied_candidate_tags:destroy'],
  ])('%s %s: %s', (method, path, scope) => expect(greenhouseRightOf(method, path)).toBe(scope));
});

describe('the right that a call of Lever takes', () => {
  test.each([
    ['GET', 'opportunities', 'opportunities:read:admin', 'Opportunities: Read (List all opportunities)'],
    ['GET', 'opportunities/1a', 'opportunities:read:admin', 'Opportunities: Read (Retrieve a single opportunity)'],
    ['POST', 'opportunities/1a/addTags', 'opportunities:write:admin', 'Opportunities: Write (Update opportunity tags)'],
    ['POST', 'opportunities/1a/notes', 'notes:write:admin', 'Notes: Write (Create a note)'],
    ['DELETE', 'opportunities/1a/notes/2b', 'notes:write:admin', 'Notes: Write (Delete a note)'],
    ['GET', 'archive_reasons', 'archive_reasons:read:admin', 'Archive reasons: Read (List all archive reasons)'],
    ['GET', 'contacts/1a', 'contact:read:admin', 'Contacts: Read (Retrieve a single contact)'],
    ['POST', 'webhooks', 'webhooks:write:admin', 'Webhooks: Write (Create a webhook)'],
  ])('%s %s: %s', (method, path, scope, box) => {
    expect(leverRightOf(method, path.split('/'))).toEqual({ scope, box });
    expect(SCOPES).toContain(scope);
  });

  test('a call that the documentation does not head is named by its box alone', () => {
    expect(leverRightOf('GET', ['opportunities', '1a', 'resumes'])?.box).toBe('Resumes: Read');
  });
});

test('only a refusal for want of a right is given its name', () => {
  const refused = { ok: false, kind: 'forbidden', status: 403, detail: 'Forbidden' } as const;
  expect(nameMissingRight(refused, 'harvest:notes:create')).toEqual({
    ...refused,
    right: 'harvest:notes:create',
    detail: 'Forbidden (permission "harvest:notes:create")',
  });
  expect(nameMissingRight(refused, null)).toBe(refused);
  const gone = { ok: false, kind: 'not-found', status: 404, detail: 'gone' } as const;
  expect(nameMissingRight(gone, 'harvest:notes:create')).toBe(gone);
});
