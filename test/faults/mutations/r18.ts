import type { Mutation } from './mutation.ts';

export const MUTATIONS_R18: readonly Mutation[] = [
  {
    name: 'a commit does not check the lease: a reading that was overtaken is written over a newer one',
    file: 'server/storage/commit-round.ts',
    find: ' and a.lease_token = given.token',
    replace: '',
    checks: ['R18'],
  },
  {
    name: 'the unique index of one open invitation per person is dropped',
    file: 'server/storage/migrations/0000_first.sql',
    find: 'CREATE UNIQUE INDEX "invitations_one_open"',
    replace: 'CREATE INDEX "invitations_one_open"',
    checks: ['R18'],
  },
  {
    name: 'undo is not conditional: what is on its way is called undone',
    file: 'server/http/give-command.ts',
    find: ".where(and(eq(invitations.id, invitationId), eq(invitations.applicationKey, key), eq(invitations.state, 'held')))",
    replace: '.where(and(eq(invitations.id, invitationId), eq(invitations.applicationKey, key)))',
    checks: ['R18'],
  },
];
