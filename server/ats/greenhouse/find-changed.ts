import { z } from 'zod';
import { type CallFailure, type CallResult, succeed } from '../../outbound/outcome.ts';
import { firstWayThatFits, isTooLarge, type Way } from '../first-way-that-fits.ts';
import type { ChangedApplication } from '../port.ts';
import type { GreenhouseClient, GreenhouseQuery } from './client.ts';
import { greenhouseIdSchema } from './schemas.ts';

const rowSchema = z.object({
  id: greenhouseIdSchema,
  job_interview_stage_id: greenhouseIdSchema.nullish().catch(null),
  stage_name: z.string().nullish().catch(null),
});
type Row = z.infer<typeof rowSchema>;

/** Where these fields were asked for, they are all there: one that is missing was not understood, and is not taken for "in no stage". */
const chosenSchema: z.ZodType<Row> = z.object({
  id: greenhouseIdSchema,
  job_interview_stage_id: greenhouseIdSchema.nullable(),
  stage_name: z.string().nullable(),
});
const CHOSEN = Object.keys(rowSchema.shape).join(',');

/** Whole applications hold all answers of the candidate: a page of 500 may be larger than any answer that we take. */
const PAGE_SIZES = [500, 100, 20, 4];

/**
 * Applications that changed at or after `since`, and at or before `until`. https://harvestdocs.greenhouse.io/reference/get_v3-applications
 * There is no filter for the time at which a stage was entered. Neither do we filter by stage: who left a stage, was transferred to
 * another job or rejected stands elsewhere or nowhere by now. Inferred: whatever a person does to an application renews `updated_at`,
 * `last_activity_at` or both; so both are asked.
 */
export async function* findChangedSince(
  client: GreenhouseClient,
  { since, until, stageIds }: { since: Date; until?: Date | null; stageIds: string[] },
): AsyncGenerator<CallResult<ChangedApplication>> {
  const when = `gte|${since.toISOString()}${until ? `|lte|${until.toISOString()}` : ''}`;
  const told = new Set<string>();
  const queries: GreenhouseQuery[] = [{ updated_at: when }, { last_activity_at: when }];
  for (const query of queries) {
    for await (const page of firstWayThatFits(waysToAsk(client, query))) {
      if (!page.ok) return yield page;
      const news = page.value.filter((row) => !told.has(row.id));
      for (const row of news) told.add(row.id);
      yield* news.map(({ id, job_interview_stage_id: stageId, stage_name: stageName }) =>
        succeed({
          applicationId: id,
          isElsewhere: !stageId || !stageIds.includes(stageId),
          ...(stageName ? { stageName } : {}),
        }),
      );
    }
  }
}

/** Only what is needed, where Greenhouse knows how to (`fields`); else whole applications, as many as we take. */
function waysToAsk(client: GreenhouseClient, query: GreenhouseQuery): Way<Row>[] {
  return [
    { pages: () => client.pages('/applications', { ...query, fields: CHOSEN }, chosenSchema), leftFor: isNotUnderstood },
    ...PAGE_SIZES.map((size) => ({
      pages: () => client.pages('/applications', { ...query, per_page: size }, rowSchema),
      leftFor: isTooLarge,
    })),
  ];
}

/** `fields` is refused, or left out what we asked for. */
function isNotUnderstood(failure: CallFailure): boolean {
  return failure.kind === 'refused' || (failure.kind === 'unreadable' && failure.tooMuch !== 'list');
}
