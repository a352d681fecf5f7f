import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { runLane } from '../../../server/jobs/lane.ts';
import type { Input } from '../../../server/workflow/input.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { BEN, makeResult } from '../../support/workflow-story.ts';

const EMAIL = 'ada@mail.example';
const running = usePipeline();

/** Somebody who was invited at the vendor by hand and is through already is attached in one application. */
function attachIn(p: Pipeline, key: string, externalId: string | null): Promise<void> {
  const input: Input = {
    kind: 'attach',
    actionId: `attach in ${key}`,
    by: BEN,
    assessmentId: p.assessment.id,
    externalId,
    email: EMAIL,
    invitedAt: null,
    expiresAt: null,
    vendor: 'Coderbyte',
    trusted: true,
    claim: { state: 'scored', startedAt: null, submittedAt: null, result: makeResult() },
  };
  return p.put(key, input);
}

async function someoneWaitsForTheirTurn({ db }: Pipeline): Promise<boolean> {
  const { rows } = await db.execute(sql`select 1 from pg_locks where locktype = 'advisory' and not granted`);
  return rows.length > 0;
}

test.each(['ext-9', null])(
  'attached in two applications at once it belongs to one, and the other is told to which (id %s)',
  async (id) => {
    const p = running.current();
    const first = await p.apply({ emails: [EMAIL], job: { id: 'job-1', name: 'Data Engineer' } });
    const second = await p.apply({ emails: [EMAIL], job: { id: 'job-2', name: 'Platform Engineer' } });
    await p.look(first);
    await p.look(second);
    await attachIn(p, first, id);
    await attachIn(p, second, id);

    let other: Promise<unknown> | null = null;
    let isOver = false;
    // Within the transaction of the first, which has written and not committed.
    const announce = async () => {
      other ??= runLane(p.parts, second).finally(() => {
        isOver = true;
      });
      await expect.poll(async () => isOver || (await someoneWaitsForTheirTurn(p))).toBe(true);
    };
    await runLane({ ...p.parts, announce }, first);
    await other;

    expect(await p.invitationsOf(first)).toMatchObject([{ state: 'scored', externalId: id }]);
    expect(await p.invitationsOf(second)).toEqual([]);
    expect(await p.codes(second)).toContain('not-attached-elsewhere');
  },
);
