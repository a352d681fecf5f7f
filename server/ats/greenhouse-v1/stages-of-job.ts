import { type CallResult, succeed } from '../../outbound/outcome.ts';
import { isGreenhouseId } from '../greenhouse/client.ts';
import type { AtsStage } from '../port.ts';
import type { GreenhouseV1Names } from './names.ts';

/** The stages in use of one job, also of a closed one or a draft, as every re-read needs them. Its name is not looked up. */
export async function listStagesOfJob(names: GreenhouseV1Names, jobId: string): Promise<CallResult<AtsStage[]>> {
  if (!isGreenhouseId(jobId)) return succeed([]);
  const stages = await names.stagesOf(jobId, null);
  if (!stages.ok) return stages;
  const job = { id: jobId, name: null };
  return succeed(
    stages.value
      .filter(({ active }) => active !== false)
      .map(({ id, name, priority: order }) => ({ stageId: id, name: name ?? id, job, order }))
      .toSorted((a, b) => a.order - b.order),
  );
}
