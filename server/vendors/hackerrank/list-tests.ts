import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { VendorAssessment } from '../port.ts';
import { toLine } from '../to-line.ts';
import { type HackerrankApi, unreadable } from './api.ts';
import { type HackerrankTest, testSchema } from './schemas.ts';

const MAX_NAME = 200;

/**
 * "List all tests". Drafts take nobody ("Candidates can only be invited for published tests"). HackerRank would still take invitations to a
 * locked test, but who locks one has put it aside, so that it is not offered here.
 */
export async function listTests({ client }: HackerrankApi): Promise<CallResult<VendorAssessment[]>> {
  const rows = await client.list(['tests']);
  return rows.ok ? succeed(rows.value.flatMap((row) => toAssessment(testSchema.safeParse(row).data))) : rows;
}

function toAssessment(test: HackerrankTest | undefined): VendorAssessment[] {
  if (!test) return [];
  const { id: externalId, duration, state, draft, locked } = test;
  const minutes = duration && duration > 0 ? duration : null;
  const isArchived = typeof state === 'string' && state.toLowerCase() !== 'active';
  return [
    {
      externalId,
      name: toLine(test.name, MAX_NAME) ?? externalId,
      kind: 'test',
      durationMinutes: minutes,
      state: draft === true ? 'draft' : isArchived ? 'archived' : locked === true ? 'locked' : 'active',
    },
  ];
}

/** Asks for one row only: whether the key opens the API at all. */
export async function checkAccess({ client }: HackerrankApi): Promise<CallResult<void>> {
  const answer = await client.call(['tests'], { method: 'GET', query: { limit: 1 } });
  if (!answer.ok) return answer;
  const isList = typeof answer.value === 'object' && answer.value !== null && 'data' in answer.value;
  return isList ? succeed(undefined) : unreadable('The answer of HackerRank is not a list.');
}
