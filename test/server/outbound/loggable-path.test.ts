import { expect, it } from 'vitest';
import { loggablePath } from '../../../server/outbound/loggable-path.ts';

it.each([
  ['/v1/opportunities/9f1c0d1e-738a-4bba-a671-8a3d73477145/addTags', '/v1/opportunities/:id/addTags'],
  ['/v3/applied_candidate_tags', '/v3/applied_candidate_tags'],
  ['/organizations/acme/candidates/ada%40mail.example/invitation', '/organizations/acme/candidates/:id/invitation'],
  ['/assess/ada@mail.example', '/assess/:id'],
  ['/', '/'],
])('%s is logged as %s', (path, logged) => {
  expect(loggablePath(path)).toBe(logged);
});
