import type { Mutation } from './mutation.ts';

export const MUTATIONS_R10: readonly Mutation[] = [
  {
    name: 'a batch that fails is simply tried again',
    file: 'server/jobs/relay.ts',
    find: 'if (taken.length === 0 || isNobodysFault(error)) throw error;',
    replace: 'if (taken.length >= 0 || isNobodysFault(error)) throw error;',
    checks: ['R10'],
  },
  {
    name: 'a webhook that fails is never given up',
    file: 'server/jobs/relay.ts',
    find: 'const isOver = row.attempts >= TRIES_MAX;',
    replace: 'const isOver = row.attempts < 0;',
    checks: ['R10'],
  },
  {
    name: 'inputs are decided only all together',
    file: 'server/jobs/lane.ts',
    find: 'if (!bare) for (const input of failed.inputs) if (await alone([input])) atFault.push(input);',
    replace: 'if (!bare) atFault.push(...failed.inputs);',
    checks: ['R10'],
  },
  {
    name: 'an application at fault is not listed',
    file: 'server/jobs/lane-fault.ts',
    find: 'if (fault.inputs.length === 0)',
    replace: 'if (fault.inputs.length < 0)',
    checks: ['R10'],
  },
  {
    name: 'a webhook is marked as passed on outside the transaction in which its hint is raised',
    file: 'server/jobs/relay.ts',
    find: `
        .for('update', { skipLocked: true });
      await passOn(tx, parts, { waiting: taken, byId });`,
    replace: `;
      await passOn(services.db as never, parts, { waiting: taken, byId });`,
    checks: ['R10'],
  },
];
