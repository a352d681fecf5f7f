import { describe, expect, test } from 'vitest';
import { readCandidateReference, readHint, readPage } from '../../../lib/ats-page/read-page.ts';

const host = 'app2.greenhouse.io';
const application = { ats: 'greenhouse', host, kind: 'application', applicationId: '273686618002', candidateId: '259096501002' };
const person = { ats: 'greenhouse', host, kind: 'person', candidateId: '259096501002' };
const read = (rest: string) => readCandidateReference(`https://${host}${rest}`);

describe('an address that names person and application', () => {
  test.each([
    ['the classic profile', '/people/259096501002?application_id=273686618002#candidate_details'],
    ['the redesigned profile', '/people/259096501002/applications/273686618002/redesign?src=search'],
    ['the redesigned profile without its suffix', '/people/259096501002/applications/273686618002'],
    ['a trailing slash', '/people/259096501002/applications/273686618002/'],
    ['the merge page', '/people/259096501002/merge?application_id=273686618002'],
    ['an interview kit', '/guides/77/people/259096501002?application_id=273686618002'],
    ['an interview in a kit', '/guides/77/people/259096501002/interview?application_id=273686618002'],
    ['the other name of the parameter', '/people/259096501002?job_application_id=273686618002'],
    ['the same application said twice', '/people/259096501002/applications/273686618002?application_id=273686618002'],
    ['an application with its person in the query', '/applications/273686618002?person_id=259096501002'],
  ])('is read as that application: %s', (_form, rest) => {
    expect(read(rest)).toEqual(application);
  });
});

test('a profile without an application is read as the person', () => {
  expect(read('/people/259096501002')).toEqual(person);
  expect(read('/people/259096501002?application_id=')).toEqual(person);
  expect(read('/candidates/259096501002')).toEqual(person);
});

test('an application page without its person is read as the application', () => {
  expect(read('/applications/273686618002')).toEqual({
    ats: 'greenhouse',
    host,
    kind: 'application',
    applicationId: '273686618002',
  });
});

describe('an address that contradicts itself names nobody, and is known for it', () => {
  test.each([
    '/people/1?application_id=2&application_id=3',
    '/people/1/applications/2?application_id=3',
    '/people/1?application_id=2&job_application_id=3',
    '/people/1?person_id=2',
    '/people/1?application_id=2%20or%201',
    '/people/1?application_id=0',
    '/applications/2?application_id=3',
    '/applications/2?person_id=1&candidate_id=4',
    '/candidates/1?person_id=2',
    '/people/1/merge?application_id=2&job_application_id=3',
    '/guides/7/people/1/interview?candidate_id=2',
  ])('%s', (rest) => {
    expect(read(rest)).toBeNull();
    expect(readPage(`https://${host}${rest}`)).toEqual({ kind: 'contradiction', ats: 'greenhouse' });
  });
});

describe('pages of the ATS without one candidate name nobody', () => {
  test.each([
    '/',
    '/people',
    '/people?candidate_id=1',
    '/people/new',
    '/people/bulk/print_resumes',
    '/plans/5/candidates?page=2',
    '/plans/5',
    '/sdash/5',
    '/alljobs',
    '/scorecards/5/edit',
    '/account/users/5',
    '/users/sign_in',
    '/people/12x',
    '/people/99999999999999999999',
  ])('%s', (rest) => expect(read(rest)).toBeNull());
});

describe('Application Review', () => {
  const page = readPage(`https://${host}/applications/review/app_review?hiring_plan_id=9&application_id=5`);
  if (page.kind !== 'in-document') throw new Error('not read as a page whose document names the candidate');

  test("is read as a page whose document alone names the candidate, whatever its address' query says", () => {
    expect(page).toEqual({ kind: 'in-document', ats: 'greenhouse', host });
    expect(readPage(`https://${host}/applications/review/app_review/5`).kind).toBe('in-document');
  });

  test.each([
    ['the link of its head', '/people/259096501002?application_id=273686618002'],
    ['a whole address', `https://${host}/people/259096501002/applications/273686618002/redesign`],
    ['an address on another host of Greenhouse', 'https://app.greenhouse.io/people/259096501002?application_id=273686618002'],
  ])('takes %s for the candidate, on its own host', (_what, hint) => {
    expect(readHint(page, hint)).toEqual({ kind: 'candidate', reference: application });
  });

  test('takes a link without an application for the person', () => {
    expect(readHint(page, '/people/259096501002')).toEqual({ kind: 'candidate', reference: person });
  });

  test.each([
    undefined,
    null,
    7,
    { href: '/people/1' },
    '',
    '/people',
    'javascript:alert(1)//people/1',
    'http://app.greenhouse.io/people/1',
    'https://evil.example/people/1',
    'https://hire.lever.co/candidates/250d8f03-738a-4bba-a671-8a3d73477145',
    '/applications/review/app_review',
    '//boards.greenhouse.io/people/1',
  ])('names nobody with %j', (hint) => expect(readHint(page, hint)).toEqual({ kind: 'nobody' }));

  test('says so when its link names two', () => {
    expect(readHint(page, '/people/1?application_id=2&application_id=3')).toEqual({ kind: 'contradiction', ats: 'greenhouse' });
  });
});
