import { describe, expect, it } from 'vitest';
import { describeAtsOperations, type OperationName } from './ats-operations-contract.ts';
import { makeGreenhouseOperationsSubject } from './greenhouse-operations-subject.ts';

const HAS: OperationName[] = [
  ...(['listJobs', 'listOpenings', 'listJobPosts', 'listFields', 'writeFields', 'findFile', 'attachFile'] as const),
  ...(['advance', 'transfer', 'reject', 'unreject', 'hire'] as const),
];

describeAtsOperations('greenhouse', HAS, async () => (await makeGreenhouseOperationsSubject()).subject);

describe('where Greenhouse has chosen otherwise in what its documents leave open', () => {
  const open = { fromStageId: 'job-stage', rejectedStage: 'null', reentry: 'new-row' } as const;
  describeAtsOperations('greenhouse', HAS, async () => (await makeGreenhouseOperationsSubject({ open })).subject);
});

describe('the log', () => {
  it('has neither the signed addresses of files nor what stands in them', async () => {
    const lines: object[] = [];
    const { subject, greenhouse } = await makeGreenhouseOperationsSubject({ onLog: (line) => lines.push(line) });
    const target = await subject.apply({ name: 'Ada Moreno', emails: ['ada@mail.example'] });
    const { findFile, attachFile } = subject.adapter.operations;
    const file = { name: 'Report of Ada Moreno.pdf', contentType: 'application/pdf', bytes: new Uint8Array([37, 80]) } as const;
    await attachFile?.(target, file);
    await findFile?.(target, file.name);
    await subject.break('writes', { kind: 'status', status: 422 });
    await attachFile?.(target, file);
    await subject.close();
    const [kept] = greenhouse.world.attachments.list();
    expect(kept?.url).toContain('X-Amz-');
    expect(lines.length).toBeGreaterThanOrEqual(3);
    expect(JSON.stringify(lines)).not.toMatch(/X-Amz|Ada|Moreno|JVA=/);
  });
});
