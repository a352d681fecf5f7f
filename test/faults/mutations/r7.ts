import type { Mutation } from './mutation.ts';

export const MUTATIONS_R7: readonly Mutation[] = [
  {
    name: 'an effect that was cut off is run as if it were new',
    file: 'server/jobs/run-effect.ts',
    find: "const interrupted = row.state === 'calling';",
    replace: 'const interrupted = false;',
    checks: ['R7'],
  },
  {
    name: 'a note is written again without a look whether it is there',
    file: 'server/effects/write-note.ts',
    find: '      if (interrupted) {',
    replace: "      if (interrupted && effect.key === '') {",
    checks: ['R7'],
  },
  {
    name: 'after a lost answer that nobody can be asked about, the invitation is sent again',
    file: 'server/effects/send-invitation.ts',
    find: "if (interrupted && story === 'unconfirmed') return",
    replace: "if (interrupted && id === '') return",
    checks: ['R7'],
  },
];
