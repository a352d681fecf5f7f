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
    find: 'if (interrupted || context.looksFirst) {',
    replace: "if (effect.key === '') {",
    checks: ['R7'],
  },
  {
    name: 'after a lost answer that nobody can be asked about, the invitation is sent again',
    file: 'server/effects/send-invitation.ts',
    find: "if (interrupted && story === 'unconfirmed') return",
    replace: "if (interrupted && id === '') return",
    checks: ['R7'],
  },
  {
    name: 'a vendor that can be asked for an invitation is not asked before it is invited again',
    file: 'server/effects/send-invitation.ts',
    find: "if (interrupted && story === 'look') {",
    replace: "if (interrupted && story === 'look' && id === '') {",
    checks: ['R7'],
  },
  {
    name: 'a report is attached again without a look whether it is there',
    file: 'server/effects/attach-report.ts',
    find: "if (found.value === 'found') return attached(given);",
    replace: '',
    checks: ['R7'],
  },
  {
    name: 'a feedback form is written again without a look whether it is there',
    file: 'server/effects/write-feedback.ts',
    find: "if (found.value === 'found') return done(given);",
    replace: '',
    checks: ['R7'],
  },
  {
    name: 'a candidate who may have been reminded is reminded again',
    file: 'server/effects/remind-candidate.ts',
    find: "if (interrupted) return followUpUnconfirmed(effect, say('server.follow-up.lost'));",
    replace: 'void followUpUnconfirmed;',
    checks: ['R7'],
  },
  {
    name: 'a move that was done counts as one that failed, because a person has brought the candidate back',
    file: 'server/effects/move-to-stage.ts',
    find: 'if (interrupted && hasEnteredSince(before.value, effect.toStageId, from)) return done(given);',
    replace: 'void [interrupted, hasEnteredSince];',
    checks: ['R7'],
  },
  {
    name: 'whoever was moved to the next stage and brought back by a person is moved there again',
    file: 'server/effects/change-application.ts',
    find: 'const isElsewhere = !isOnVisit(now, { stageId: fromStageId, entryKey: fromEntryKey });',
    replace: 'void [isOnVisit, fromEntryKey];\n  const isElsewhere = now.stage?.id !== fromStageId;',
    checks: ['R7'],
  },
  {
    name: 'a move to the next stage that was done counts as one that failed',
    file: 'server/effects/change-application.ts',
    find: "if (isElsewhere && interrupted) return now.status === 'active' ? 'done' : 'unsure';",
    replace: 'void interrupted;',
    checks: ['R7'],
  },
];
