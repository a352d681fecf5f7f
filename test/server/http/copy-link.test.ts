import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import { PATHS } from '../../../lib/contract/paths.ts';
import { INVITATION_STATES, isOpen } from '../../../lib/domain/invitation.ts';
import { addCommandRoutes } from '../../../server/http/commands.routes.ts';
import { referenceOf } from '../../../server/http/page-agreement.ts';
import { audit, invitations } from '../../../server/storage/schema.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { openPipelineApp } from '../../support/pipeline-app.ts';

const pipeline = usePipeline();
let p: Pipeline;
let call: Awaited<ReturnType<typeof openPipelineApp>>;
beforeEach(async () => {
  p = pipeline.current();
  call = await openPipelineApp(p, 'recruiter', (app) => addCommandRoutes(app, p.parts));
});

const copy = async ({ key, invitationId }: { key: string; invitationId: string }) =>
  await call('POST', PATHS.commands.copyLink, {
    actionId: randomUUID(),
    page: await referenceOf(p.services, key),
    applicationKey: key,
    clickedAt: p.now.toISOString(),
    invitationId,
  });
const setState = async (invitationId: string, state: (typeof INVITATION_STATES)[number]) =>
  await p.db.update(invitations).set({ state }).where(eq(invitations.id, invitationId));
const timesCopied = async () => (await p.db.select().from(audit).where(eq(audit.action, 'link.copied'))).length;

describe('a panel that shows what was a while ago', () => {
  test('copies the link of an invitation that is open', async () => {
    const sent = await p.sent();
    expect(await copy(sent)).toMatchObject({ status: 200, body: { link: expect.stringContaining('https://') } });
    expect(await timesCopied()).toBe(1);
  });

  test.each(INVITATION_STATES.filter((state) => !isOpen(state)))(
    'not of one that is %s by now: nobody is to take that test, or not by that address',
    async (state) => {
      const sent = await p.sent();
      await setState(sent.invitationId, state);
      const answer = await copy(sent);
      expect(answer).toMatchObject({ status: 409, body: { error: { code: 'too-late' } } });
      expect(JSON.stringify(answer.body)).not.toContain('coderbyte.com');
      expect(await timesCopied()).toBe(0);
    },
  );
});
