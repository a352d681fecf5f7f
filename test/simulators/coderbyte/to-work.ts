import type { CoderbyteWork } from './types.ts';

/** Believable work that leads to this score. */
export function toWork({
  finalScore,
  cheated,
  minutes,
}: Pick<CoderbyteWork, 'finalScore' | 'cheated' | 'minutes'>): CoderbyteWork {
  const mcScore = Math.min(20, finalScore);
  const tenth = Math.round(finalScore / 10);
  return {
    ...{ finalScore, cheated, minutes, mcScore },
    codeScore: finalScore - mcScore,
    challenges: [
      { title: 'Merge Overlapping Intervals', language: 'TypeScript', score: tenth },
      { title: 'Rate Limiter', language: 'TypeScript', score: Math.max(0, tenth - 1) },
    ],
    multipleChoice: [
      { question: 'Which isolation level prevents phantom reads?', correct: finalScore >= 50 },
      { question: 'What does a 409 say?', correct: finalScore >= 20 },
    ],
    openEnded: [
      {
        question: 'How would you roll out a schema change without downtime?',
        answer: 'Add the column, write both, backfill, read the new one, then drop the old one.',
      },
    ],
  };
}
