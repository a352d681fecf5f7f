import type { Invitation } from '../../../lib/domain/invitation.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { VendorReport } from '../port.ts';
import { type HackerrankApi, notFound } from './api.ts';
import { readCandidate } from './locate.ts';
import { readInvitationId } from './metadata.ts';
import { testSchema } from './schemas.ts';
import { toReport } from './to-report.ts';

/** "Show candidate", and the cutoff of the test once there is something to compare with it. */
export async function readReportOfTest(api: HackerrankApi, invitation: Invitation): Promise<CallResult<VendorReport>> {
  const located = await readCandidate(api, invitation, { additional_fields: 'questions,scores_sections_split,test' });
  if (!located.ok) return located;
  const candidate = located.value;
  const other = readInvitationId(candidate.invite_metadata);
  // A retake before the first attempt was begun changes the same row.
  if (other !== null && other !== invitation.id.toLowerCase()) return notFound('HackerRank has a later invitation in its place.');
  const now = api.now();
  const report = toReport(candidate, { now, cutoff: null });
  if (report.state !== 'scored') return succeed(report);
  const cutoff = await readCutoff(api, invitation.assessmentExternalId, candidate.test);
  return cutoff.ok ? succeed(toReport(candidate, { now, cutoff: cutoff.value })) : cutoff;
}

/** Asked for only where the candidate came without it. A test that is gone, or that the key may not see, has none. */
async function readCutoff({ client }: HackerrankApi, testId: string, given: unknown): Promise<CallResult<number | null>> {
  const shown = testSchema.safeParse(given).data;
  if (shown && shown.cutoff_score !== undefined) return succeed(shown.cutoff_score);
  const answer = await client.call(['tests', testId], { method: 'GET', query: { additional_fields: 'cutoff_score' } });
  if (!answer.ok) return answer.kind === 'not-found' || answer.kind === 'forbidden' ? succeed(null) : answer;
  return succeed(testSchema.safeParse(answer.value).data?.cutoff_score ?? null);
}
