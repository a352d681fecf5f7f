import { describe } from 'vitest';
import { leverKey } from '../../server/ats/lever/credential.ts';
import { REDIRECT_URI, registerLeverApp } from '../support/consented-lever.ts';
import { createMemoryTokenStore } from '../support/memory-token-store.ts';
import { describeAtsOperations, type OperationName } from './ats-operations-contract.ts';
import { createLeverSubject } from './lever-subject.ts';

const OPERATIONS: OperationName[] = [
  'listJobs',
  'updateNote',
  'deleteNote',
  'findFile',
  'attachFile',
  'addLink',
  'removeLink',
  'listFeedbackForms',
  'findFeedback',
  'writeFeedback',
  'advance',
  'reject',
  'unreject',
  'hire',
];

describe('with an API key', () => {
  describeAtsOperations('lever', OPERATIONS, () =>
    createLeverSubject(async ({ lever }) => leverKey(lever.play.createKey({ label: 'Tagalong' }).secret)),
  );
});

describe('with OAuth', () => {
  const scopes = [
    'opportunities:write:admin',
    'notes:write:admin',
    'stages:read:admin',
    'archive_reasons:read:admin',
    'postings:read:admin',
    'files:write:admin',
    'feedback:write:admin',
    'feedback_templates:read:admin',
  ];
  describeAtsOperations('lever', OPERATIONS, () =>
    createLeverSubject(async (at) => {
      const registered = registerLeverApp({ ...at, store: createMemoryTokenStore(), scopes });
      const finished = await registered.consent.finish({ code: await registered.sayYes(), redirectUri: REDIRECT_URI });
      if (!finished.ok) throw new Error(finished.detail);
      return registered.newProcess();
    }),
  );
});
