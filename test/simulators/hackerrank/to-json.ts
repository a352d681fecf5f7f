import { type HackerrankCandidate, type HackerrankInterview, type HackerrankTest, INTERVIEW_STATUSES } from './types.ts';
import { type HackerrankWorld, isInviteValid, linkOf, reportUrlOf } from './world.ts';

type Json = Record<string, unknown>;

/** 2016-05-24T06:27:25+0000, without fractions and without a colon in the offset. */
export function toTime(at: Date | null): string | null {
  return at === null ? null : at.toISOString().replace(/\.\d+Z$/, '+0000');
}

/** Named "additional" where the documents list what can be asked for besides. */
export const ADDITIONAL_TEST_FIELDS = [
  'languages',
  'cutoff_score',
  'draft',
  'experience',
  'role_ids',
  'public_login_url',
  'enable_proctoring',
  'max_score',
];

/** A test as the documents show it. */
export function toTest(test: HackerrankTest, additional: readonly string[]): Json {
  const { id, name, minutes, tags, locked, draft, archived, cutoffScore, languages, maxScore } = test;
  return {
    id,
    unique_id: test.uniqueId,
    name,
    starttime: null,
    endtime: null,
    duration: minutes,
    owner: 'p12xLmj23',
    instructions: '<ul><li>Please take this test in a single sitting</li></ul>',
    starred: false,
    created_at: toTime(test.createdAt),
    state: archived ? 'archived' : 'active',
    locked,
    draft,
    languages,
    cutoff_score: cutoffScore,
    tags,
    role_ids: [],
    experience: ['All Experience Levels'],
    questions: null,
    sections: null,
    short_login_url: null,
    public_login_url: null,
    enable_acknowledgement: true,
    enable_proctoring: false,
    enable_advanced_proctoring: false,
    enable_secure_assessment_mode: false,
    ...(additional.includes('max_score') ? { max_score: maxScore } : {}),
  };
}

/** Only what can be asked for, and only in the detail of one candidate. */
export const ADDITIONAL_CANDIDATE_FIELDS = ['questions', 'scores_sections_split', 'user', 'test'];

/** A candidate as the documents show it: what is not known is null. */
export function toCandidate(world: HackerrankWorld, candidate: HackerrankCandidate, additional: readonly string[] = []): Json {
  const { id, email, fullName, work, integrity, outOfWindow } = candidate;
  return {
    id,
    full_name: fullName,
    email,
    ...toScores(candidate),
    test: candidate.testId,
    user: '1ok2njXJi',
    attempt_starttime: toTime(candidate.startedAt),
    attempt_endtime: toTime(candidate.endedAt),
    attempt_events: null,
    status: statusOf(world, candidate),
    ats_state: candidate.atsState,
    integrity_status: integrity.status,
    integrity_summary: integrity.summary,
    ...toInvite(world, candidate),
    ...toLinks(world, candidate),
    added_time: 0,
    unclaimed_added_time: 0,
    comments: candidate.comments,
    performance_summary: null,
    ip_address: null,
    // Deprecated in favour of integrity_status, and still there.
    plagiarism: integrity.status === null ? null : integrity.status !== 'No Issues Detected',
    plagiarism_status: null,
    max_code_similarity: null,
    feedback: candidate.feedback,
    candidate_details: [],
    out_of_window_events: outOfWindow.events,
    out_of_window_duration: outOfWindow.seconds,
    editor_paste_count: candidate.pastes,
    proctor_images: candidate.proctorImages,
    ...toAdditional(world, candidate, additional),
    ...(work && additional.includes('questions') ? { questions: work.questions } : {}),
  };
}

function toScores({ work, isReportDeleted }: HackerrankCandidate): Json {
  const told = isReportDeleted ? null : work;
  return {
    score: told?.score ?? null,
    percentage_score: told?.percentage ?? null,
    scores_tags_split: told?.tags ?? null,
    scores_skills_split: told?.skills ?? null,
  };
}

function toInvite(world: HackerrankWorld, candidate: HackerrankCandidate): Json {
  return {
    invite_email_done: candidate.isMailed,
    invite_valid: isInviteValid(world, candidate),
    invited_on: toTime(candidate.invitedAt),
    invite_valid_from: toTime(candidate.validFrom),
    invite_valid_to: toTime(candidate.validTo),
    invite_link: linkOf(world, candidate),
    invite_metadata: candidate.metadata,
    evaluator_email: candidate.evaluatorEmail,
    test_finish_url: candidate.finishUrl,
    test_result_url: candidate.resultUrl,
    accept_result_updates: candidate.takesUpdates,
    tags: candidate.tags,
  };
}

function toLinks(world: HackerrankWorld, candidate: HackerrankCandidate): Json {
  const url = reportUrlOf(world, candidate);
  if (candidate.state !== 'scored' || candidate.isReportDeleted)
    return { report_url: null, authenticated_report_url: null, pdf_url: null };
  return {
    report_url: url,
    authenticated_report_url: `${url}?authkey=${candidate.authKey}`,
    pdf_url: url.replace(/report$/, 'pdf'),
  };
}

function toAdditional({ tests }: HackerrankWorld, { testId, work }: HackerrankCandidate, additional: readonly string[]): Json {
  const test = tests.get(testId);
  return {
    ...(additional.includes('test') && test ? { test: toTest(test, []) } : {}),
    ...(additional.includes('user') ? { user: { id: '1ok2njXJi', email: 'hiring@northwind.example', firstname: 'Noor' } } : {}),
    ...(additional.includes('scores_sections_split') ? { scores_sections_split: work && { Coding: work.score } } : {}),
  };
}

/** -1 invited, 7 completed and report generated; what lies between is HackerRank's own business. */
function statusOf({ settings }: HackerrankWorld, { state }: HackerrankCandidate): number {
  if (state === 'invited') return -1;
  return state === 'scored' ? 7 : settings.internalStatus[state];
}

/** An interview as the documents show it; addresses come without a scheme. */
export function toInterview({ settings }: Pick<HackerrankWorld, 'settings'>, interview: HackerrankInterview): Json {
  const { id, title, from, to, notes, interviewers, candidate, metadata, feedback, endedAt } = interview;
  return {
    id,
    from,
    to,
    status: toStatus(settings, interview),
    url: `www.hackerrank.com/paper/${id}`,
    user: 13245,
    created_at: toTime(interview.createdAt),
    updated_at: toTime(interview.updatedAt),
    title,
    feedback,
    thumbs_up: interview.thumbsUp,
    notes,
    resume_url: interview.resumeUrl,
    interviewers,
    result_url: interview.resultUrl,
    candidate,
    metadata,
    report_url: endedAt && `www.hackerrank.com/x/interviews/${id}/report`,
    ended_at: toTime(endedAt),
    interview_template_id: interview.templateId,
  };
}

const CLIENT_WORDS = { new: 'scheduled', active: 'active', ended: 'completed', paused: 'paused' } as const;

function toStatus({ interviewStatus }: HackerrankWorld['settings'], { status }: HackerrankInterview): string | number {
  if (interviewStatus === 'numbers') return INTERVIEW_STATUSES.indexOf(status);
  return interviewStatus === 'client words' ? CLIENT_WORDS[status] : status;
}
