import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { greenhouseIdSchema } from '../../../../server/ats/greenhouse/schemas.ts';
import { toGreenhouseHints } from '../../../../server/ats/greenhouse/to-hints.ts';

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/greenhouse/webhook-${name}.json`, import.meta.url), 'utf8'));

const APPLICATION = '273686618002';
const PERSON = '259096501002';

describe('a Greenhouse event is about', () => {
  it.each([
    ['candidate-stage-change', [{ applicationId: APPLICATION, candidateId: PERSON }]],
    ['hire-candidate', [{ applicationId: APPLICATION, candidateId: PERSON }]],
    ['new-prospect-application', [{ applicationId: '273686619002', candidateId: '259096502002' }]],
    ['delete-application', [{ applicationId: APPLICATION, candidateId: PERSON, deleted: true }]],
    ['reject-candidate', [{ applicationId: APPLICATION, candidateId: PERSON }]],
    ['unreject-candidate', [{ applicationId: APPLICATION, candidateId: PERSON }]],
    ['unhire-candidate', [{ applicationId: APPLICATION, candidateId: PERSON }]],
    ['new-candidate-application', [{ applicationId: APPLICATION, candidateId: PERSON }]],
    ['application-updated', [{ applicationId: APPLICATION, candidateId: PERSON }]],
    ['offer-created', [{ applicationId: APPLICATION, candidateId: PERSON }]],
    ['update-candidate', [{ candidateId: PERSON }]],
    ['candidate-anonymized', [{ candidateId: PERSON, anonymised: true }]],
    ['merge-candidate', [{ candidateId: PERSON }, { candidateId: '259096599002' }]],
    [
      'delete-candidate',
      [
        { applicationId: APPLICATION, candidateId: PERSON, deleted: true },
        { applicationId: '273686620002', candidateId: PERSON, deleted: true },
        { candidateId: PERSON, deleted: true },
      ],
    ],
    ['job-updated', []],
    ['ping', []],
  ])('%s: exactly the right applications and people', (name, expected) => {
    const event = name.replaceAll('-', '_');
    expect(toGreenhouseHints(read(name))).toEqual(expected.map((hint) => ({ ...hint, event })));
  });

  it.each(['reject_candidate', 'unreject_candidate', 'unhire_candidate', 'application_updated', 'new_candidate_application'])(
    'the application of a %s, which has the shape of a stage change',
    (action) => {
      const body = { action, payload: { application: { id: 7, rejection_reason: null, candidate: { id: 8 }, jobs: [] } } };
      expect(toGreenhouseHints(body)).toEqual([{ applicationId: '7', candidateId: '8', event: action }]);
    },
  );

  const anonymising = (fields: unknown[]) =>
    toGreenhouseHints({ action: 'candidate_anonymized', payload: { candidate_id: 8, anonymized_fields: fields } });
  const READ_AGAIN = { candidateId: '8', event: 'candidate_anonymized' };

  it.each([[['attachments']], [['notes', 'tags']], [['emails', 'phone_numbers', 'current_company']], [['a new word']], [[]]])(
    'a person who is somebody still when no more went than %j',
    (fields) => {
      expect(anonymising(fields)).toEqual([READ_AGAIN]);
    },
  );

  it.each([[['full_name']], [['notes', 'email_addresses']], [['first_name', 'last_name']]])(
    'a person who is nobody any more without %j',
    (fields) => {
      expect(anonymising(fields)).toEqual([{ ...READ_AGAIN, anonymised: true }]);
    },
  );

  it.each([
    {},
    { anonymized_fields: null },
    { anonymized_fields: 'notes' },
    { anonymized_fields: ['notes', { name: 'full_name' }] },
  ])('a person who is nobody any more where what went cannot be read: %j', (more) => {
    const body = { action: 'candidate_anonymized', payload: { candidate_id: 8, ...more } };
    expect(toGreenhouseHints(body)).toEqual([{ ...READ_AGAIN, anonymised: true }]);
  });

  it('the same when ids come as text, or beyond the exact range of a double', () => {
    const body = { action: 'reject_candidate', payload: { application: { id: '9007199254740993', candidate: null } } };
    expect(toGreenhouseHints(body)).toEqual([{ applicationId: '9007199254740993', event: 'reject_candidate' }]);
  });

  it('whoever has what passes for an id everywhere else, and nobody else', () => {
    const values = fc.oneof(
      fc.integer(),
      fc.double(),
      fc.stringMatching(/^\d*$/),
      fc.constantFrom('1\n', '-1', '1.0', 2 ** 53, -0),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(values, (id) => {
        const { data = null } = greenhouseIdSchema.safeParse(id);
        const expected = data === null ? [] : [{ event: 'x', applicationId: data }];
        expect(toGreenhouseHints({ action: 'x', payload: { application: { id } } })).toEqual(expected);
      }),
    );
  });

  it('the application even when its candidate makes no sense', () => {
    const body = { action: 'reject_candidate', payload: { application: { id: 7, candidate: 'gone', candidate_id: {} } } };
    expect(toGreenhouseHints(body)).toEqual([{ applicationId: '7', event: 'reject_candidate' }]);
  });

  it('the interview named in an object of its own', () => {
    const body = { action: 'interview_deleted', payload: { interview: { id: 1, application_id: 7 } } };
    expect(toGreenhouseHints(body)).toEqual([{ applicationId: '7', event: 'interview_deleted' }]);
  });

  it('nobody, without an error, whatever else it is', () => {
    fc.assert(fc.property(fc.jsonValue(), (body) => Array.isArray(toGreenhouseHints(body))));
    fc.assert(
      fc.property(fc.jsonValue(), (application) =>
        Array.isArray(toGreenhouseHints({ action: 'reject_candidate', payload: { application } })),
      ),
    );
    for (const body of [null, [], 'x', {}, { action: 7 }, { action: 'reject_candidate' }, { payload: { candidate_id: 1 } }]) {
      expect(toGreenhouseHints(body)).toEqual([]);
    }
  });
});
