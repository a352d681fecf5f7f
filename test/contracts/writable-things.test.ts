import { expect, test } from 'vitest';
import { greenhouseSettingsSchema, leverSettingsSchema, writableThings } from '../../lib/contract/settings.ts';
import { leverKey } from '../../server/ats/lever/credential.ts';
import type { AtsOperationsSubject } from './ats-operations-contract.ts';
import { makeGreenhouseOperationsSubject } from './greenhouse-operations-subject.ts';
import { createLeverSubject } from './lever-subject.ts';

const greenhouse = (api: 'v3' | 'v1') => async () => (await makeGreenhouseOperationsSubject({ api })).subject;
const lever = () => createLeverSubject(async ({ lever: { play } }) => leverKey(play.createKey({ label: 'Tagalong' }).secret));

test.each<[string, ReturnType<typeof writableThings>, () => Promise<AtsOperationsSubject>]>([
  ['Greenhouse v3', writableThings(greenhouseSettingsSchema.parse({ kind: 'greenhouse' })), greenhouse('v3')],
  ['Greenhouse v1', writableThings(greenhouseSettingsSchema.parse({ kind: 'greenhouse', api: 'v1' })), greenhouse('v1')],
  ['Lever', writableThings(leverSettingsSchema.parse({ kind: 'lever' })), lever],
])('%s: what the options page offers is what the adapter can do', async (_name, offered, make) => {
  const subject = await make();
  const { operations } = subject.adapter;
  await subject.close();
  expect(offered).toEqual({
    fields: Boolean(operations.listFields && operations.writeFields),
    reportFile: Boolean(operations.findFile && operations.attachFile),
    reportLink: Boolean(operations.addLink),
    feedback: Boolean(operations.listFeedbackForms && operations.findFeedback && operations.writeFeedback),
  });
});
