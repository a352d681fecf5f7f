import type { Invitation } from '../../lib/domain/invitation.ts';
import type { VendorResult } from '../../lib/domain/result.ts';
import { say } from '../say.ts';

type Judged = Pick<VendorResult, 'score' | 'rating' | 'verdict'> & Partial<Pick<VendorResult, 'status' | 'integrity'>>;

/** What a person is asked to check: moved by itself on one result, and now there is another. Null when nothing is to be checked. */
export function reviewWords({ review, result }: Pick<Invitation, 'review' | 'result'>, name: string | null): string | null {
  if (!review) return null;
  return say('server.review.text', {
    who: name ?? say('server.review.nobody'),
    stage: review.stage ?? say('server.review.next-stage'),
    before: resultInWords(review.was),
    now: resultInWords(result),
  });
}

function resultInWords(result: Judged | null): string {
  if (!result) return say('server.review.no-result');
  if (result.status === 'voided') return say('note.voided');
  const said = gradeInWords(result);
  return result.integrity?.status === 'flagged' ? say('server.review.flagged', { result: said }) : said;
}

function gradeInWords({ score, rating, verdict }: Judged): string {
  if (score)
    return score.max === null || score.max === 100
      ? String(score.value)
      : say('note.score-of', { value: score.value, max: score.max });
  if (rating) return rating;
  if (verdict) return verdict === 'up' ? say('note.verdict-up') : say('note.verdict-down');
  return say('server.review.no-result');
}
