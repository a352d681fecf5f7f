import type { TestSession } from './types.ts';
import { type CodesignalWorld, maxScoreOf, resultUrlOf, scoreOf } from './world.ts';

type Json = Record<string, unknown>;

/** What the payloads of all session events have in common. `named`: the older documents list the external id for this event too. */
export function toCommon(world: CodesignalWorld, session: TestSession, named = false): Json {
  const { id, testId, email, firstName, lastName, externalId } = session;
  const isToldIt = externalId !== null && (named || world.settings.externalIdIn === 'all');
  return {
    testSessionId: id,
    testId,
    testTitle: world.tests.get(testId)?.title ?? '',
    candidateEmail: email ?? '',
    candidateName: [firstName, lastName].filter(Boolean).join(' '),
    ...(isToldIt ? { externalId } : {}),
  };
}

/** The numbers; `url` opens the report for whoever has it. */
export function toScores(world: CodesignalWorld, session: TestSession): Json {
  const { startDate, finishDate, result } = session;
  const value = result?.codingScore ?? null;
  return {
    duration: (finishDate ?? 0) - (startDate ?? 0),
    score: scoreOf(session),
    maxScore: maxScoreOf(world, session),
    codingScore: value,
    ...(value === null ? {} : { versionedCodingScore: { version: 'codingScore2023', value } }),
  };
}

/** Scores, the deprecated plagiarism words and the address of the report. */
export function toWholeResult(world: CodesignalWorld, session: TestSession): Json {
  return { ...toScores(world, session), plagiarismLevel: 0, plagiarismLabel: '-', url: resultUrlOf(world, session) };
}
