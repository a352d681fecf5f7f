import { describe, expect, test } from 'vitest';
import { readCandidateReference, readPage } from '../../../lib/ats-page/read-page.ts';

const id = '250d8f03-738a-4bba-a671-8a3d73477145';
const other = '5a9b2c1e-0000-4bba-a671-8a3d73477145';

describe('a candidate page of Lever is read as the opportunity', () => {
  test.each([
    ['the address in every API record', `https://hire.lever.co/candidates/${id}`, 'hire.lever.co'],
    ['the sandbox', `https://hire.sandbox.lever.co/candidates/${id}`, 'hire.sandbox.lever.co'],
    ['the EU', `https://hire.eu.lever.co/candidates/${id}`, 'hire.eu.lever.co'],
    ['the older path', `https://hire.sandbox.lever.co/opportunities/${id}`, 'hire.sandbox.lever.co'],
    ['a page below', `https://hire.lever.co/candidates/${id}/files/${other}/download`, 'hire.lever.co'],
    ['an interview', `https://hire.lever.co/candidates/${id}/interview/${other}`, 'hire.lever.co'],
    ['query and hash', `https://hire.lever.co/candidates/${id}?tab=${other}#notes`, 'hire.lever.co'],
    ['capital letters', `https://hire.lever.co/candidates/${id.toUpperCase()}`, 'hire.lever.co'],
  ])('%s', (_form, url, host) => {
    expect(readCandidateReference(url)).toEqual({ ats: 'lever', host, kind: 'application', applicationId: id });
  });
});

describe('everything else at Lever names nobody', () => {
  test.each([
    'https://hire.lever.co/candidates',
    `https://hire.lever.co/candidates?opportunity=${id}`,
    `https://hire.lever.co/interviews/${id}`,
    `https://hire.lever.co/candidates?view=flyover&candidate=${id}#${id}`,
    `https://hire.lever.co/opportunities`,
    `https://hire.lever.co/candidates/${id}0`,
    `https://hire.lever.co/candidates/${id}-x`,
    'https://hire.lever.co/settings/integrations',
    `https://jobs.lever.co/candidates/${id}`,
    `https://hire.green.lever.co.evil.example/candidates/${id}`,
    `http://hire.lever.co/candidates/${id}`,
  ])('%s', (url) => expect(readCandidateReference(url)).toBeNull());
});

test('two opportunities in one address are a contradiction, the same one twice is none', () => {
  expect(readPage(`https://hire.lever.co/candidates/${id}/opportunities/${other}`)).toEqual({
    kind: 'contradiction',
    ats: 'lever',
  });
  expect(readPage(`https://hire.lever.co/candidates/${id}/opportunities/${id}`).kind).toBe('candidate');
});
