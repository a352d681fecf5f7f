import type { CoderbyteInvitation, CoderbyteWork } from './types.ts';
import { assessmentOf, type CoderbyteWorld, reportUrlOf } from './world.ts';

type Report = Record<string, unknown>;

/** While there is no work to report on, the status is all there is. The words before "Completed" are an invention of this simulator. */
const STATUS_BEFORE = {
  invited: 'Invited',
  joined: 'Joined',
  processing: 'Processing',
  cancelled: 'Cancelled',
  expired: 'Expired',
} as const;

/** "Get report data": in the words of Coderbyte's trigger data, or of its JSON export. */
export function toReport(world: CoderbyteWorld, invitation: CoderbyteInvitation): Report {
  const { state, work } = invitation;
  if (state !== 'completed' || !work)
    return { ...whoOf(invitation), status: STATUS_BEFORE[state === 'completed' ? 'processing' : state] };
  return world.settings.vocabulary === 'trigger' ? toTrigger(world, invitation, work) : toExport(world, invitation, work);
}

/** "Interview report data". Nothing of it is public: the words are those of the reviewed trigger data. */
export function toInterviewReport(world: CoderbyteWorld, invitation: CoderbyteInvitation): Report {
  const { interviewId: interview_id, state, review, completedAt } = invitation;
  if (state !== 'completed') return { interview_id, ...whoOf(invitation), status: STATUS_BEFORE[state] };
  const date = completedAt && toOffsetTime(completedAt);
  return {
    interview_id,
    ...whoOf(invitation),
    status: 'Completed',
    date,
    vote_decision: voteOf(review.recommendation),
    scorecard: review.scorecard,
    private_notes: { content: `<p>${review.comment}</p>`, admin: review.admin },
    report_link: reportUrlOf(world, invitation),
  };
}

function whoOf({ id, name, email, assessmentId: test_id }: CoderbyteInvitation): Report {
  return { id, name: name ?? '', email, test_id };
}

function toTrigger(world: CoderbyteWorld, invitation: CoderbyteInvitation, work: CoderbyteWork): Report {
  const { completedAt, review } = invitation;
  const at = completedAt ?? world.now();
  return {
    ...whoOf(invitation),
    display_name: assessmentOf(world, invitation.assessmentId).name,
    status: 'Completed',
    date: toOffsetTime(at),
    time_taken: work.minutes ?? -1,
    code_score: work.codeScore,
    mc_score: work.mcScore,
    final_score: work.finalScore,
    plagiarism: work.cheated ? 'Detected' : 'Not detected',
    challenge_details: work.challenges.map((challenge) => ({ ...challenge, date: toDate(at).replaceAll('/', '-') })),
    mc_details: work.multipleChoice.map(({ question, correct }, index) => ({ id: String(index + 1), question, correct })),
    oe_details: work.openEnded.map((answer, index) => ({ id: String(index + 1), ...answer })),
    vote_decision: voteOf(review.recommendation),
    scorecard: review.scorecard,
    private_notes: { content: review.comment && `<p>${review.comment}</p>`, admin: review.admin },
    report_link: reportUrlOf(world, invitation),
  };
}

function toExport(world: CoderbyteWorld, invitation: CoderbyteInvitation, work: CoderbyteWork): Report {
  const { joinedAt, name, email, review } = invitation;
  return {
    name: name ?? '',
    email,
    status: 'Complete',
    date_joined: toDate(joinedAt ?? world.now()),
    time_taken: work.minutes ?? 'N/A',
    challenges_completed: work.challenges.length,
    code_score: work.codeScore,
    mc_score: work.mcScore,
    final_score: work.finalScore,
    cheated: work.cheated ? 'Detected' : 'Not detected',
    challenge_details: work.challenges.map(({ score, ...challenge }) => ({
      ...challenge,
      score: String(score),
      video: [`${world.pagesOrigin}/replay/${invitation.username}`],
    })),
    mc_details: work.multipleChoice.map(({ question, correct }, index) => ({ id: index + 1, question, correct })),
    oe_details: [],
    scorecard: review.scorecard,
    admin_notes: review.comment,
    action: voteOf(review.recommendation),
    report_link: reportUrlOf(world, invitation),
  };
}

function voteOf(recommendation: CoderbyteInvitation['review']['recommendation']): string | null {
  return recommendation === null ? null : recommendation === 'thumb_up' ? 'up' : 'down';
}

/** ISO with an offset that has no colon: 2022-12-11T13:16:00-0500. */
function toOffsetTime(at: Date): string {
  const inNewYork = new Date(at.getTime() - 5 * 3_600_000);
  return inNewYork.toISOString().replace(/\.\d+Z$/, '-0500');
}

/** 12/10/22 */
function toDate(at: Date): string {
  const [year = '', month, day] = at.toISOString().slice(0, 10).split('-');
  return `${month}/${day}/${year.slice(2)}`;
}
