import type { CoderbyteAssessment, CoderbyteInvitation, CoderbyteWork } from './types.ts';
import { assessmentOf, type CoderbyteWorld, isOpen, linkOf, Refused, reportUrlOf } from './world.ts';

type NewInvitation = Pick<CoderbyteInvitation, 'assessmentId' | 'email' | 'via'> &
  Partial<Pick<CoderbyteInvitation, 'name' | 'reference' | 'expiresAt'>> & { message?: string | null };

/** What can happen in a Coderbyte organisation. Each act changes the world and tells the webhooks that are documented for it. */
export function createActs(world: CoderbyteWorld) {
  const { text, now, tell } = world;

  const writeMail = (invitation: CoderbyteInvitation, message: string | null) => {
    const { name } = assessmentOf(world, invitation.assessmentId);
    const subject = `You are invited to take ${name}`;
    const links = [linkOf(world, invitation)];
    const detail = { to: invitation.email, subject, links, message, assessmentId: invitation.assessmentId };
    world.journal.add({ simulator: 'coderbyte', kind: 'mail', what: 'invitation', status: null, detail });
  };

  const complete = (invitation: CoderbyteInvitation) => {
    const { assessmentId: assessment_id, timeExpired: time_expired, email, state } = invitation;
    const report = { report_url: reportUrlOf(world, invitation), time_expired, report_ready: state === 'completed' };
    tell('assessment_completed', { email, assessment_id, ...report });
  };

  /** Made for one person, or the standing room that everybody with its public link comes to. */
  const toInterviewId = (via: NewInvitation['via'], room: string) => (via === 'link' ? room : text(9));

  return {
    createAssessment(wanted: Pick<CoderbyteAssessment, 'name' | 'type' | 'minutes'>): CoderbyteAssessment {
      const slug = wanted.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
      const id = wanted.type === 'live interview' ? text(9) : `${slug}-${text(13)}`;
      const assessment = { ...wanted, id, archived: false };
      world.assessments.set(assessment.id, assessment);
      return assessment;
    },

    /** The candidate is written an e-mail, unless they came by the public link. @throws NotThere, Refused */
    invite({ assessmentId, email, via, message = null, name = null, reference = null, expiresAt = null }: NewInvitation) {
      const assessment = assessmentOf(world, assessmentId);
      if (assessment.archived) throw new Refused('assessment is archived');
      const same = (one: CoderbyteInvitation) =>
        one.assessmentId === assessmentId && one.email.toLowerCase() === email.toLowerCase();
      if (world.invitations.some((one) => same(one) && isOpen(one)))
        throw new Refused('candidate already has an open invitation to this assessment');
      const invitation: CoderbyteInvitation = {
        ...{ assessmentId, email, via, name, reference, expiresAt },
        id: Buffer.from(text(3)).toString('hex'),
        key: text(24),
        username: `user${text(10)}`,
        interviewId: assessment.type === 'live interview' ? toInterviewId(via, assessmentId) : null,
        state: 'invited',
        invitedAt: now(),
        joinedAt: null,
        completedAt: null,
        timeExpired: false,
        work: null,
        review: { recommendation: null, comment: '', admin: 'hiring@northwind.example', scorecard: {} },
      };
      world.invitations.push(invitation);
      if (via !== 'link') writeMail(invitation, message);
      return invitation;
    },

    /** A started test is not taken back. @throws Refused */
    cancel(invitation: CoderbyteInvitation): void {
      if (invitation.state === 'joined') throw new Refused('candidate has already started');
      if (invitation.state !== 'invited') throw new Refused(`invitation is ${invitation.state}`);
      invitation.state = 'cancelled';
    },

    /** The same e-mail once more, while the candidate may still begin. @throws Refused */
    resend(invitation: CoderbyteInvitation): void {
      if (invitation.state !== 'invited') throw new Refused(`invitation is ${invitation.state}`);
      if (invitation.via === 'link') throw new Refused('nobody was invited by e-mail');
      writeMail(invitation, null);
    },

    /** @throws Refused */
    extend(invitation: CoderbyteInvitation, expiresAt: string): void {
      if (invitation.state !== 'invited') throw new Refused(`invitation is ${invitation.state}`);
      if (Date.parse(expiresAt) <= now().getTime()) throw new Refused('expires_at is in the past');
      invitation.expiresAt = expiresAt;
    },

    /** The candidate may begin no more. No webhook tells of it. */
    expire(invitation: CoderbyteInvitation): void {
      if (invitation.state !== 'invited') throw new Refused(`invitation is ${invitation.state}`);
      invitation.state = 'expired';
    },

    start(invitation: CoderbyteInvitation): void {
      if (invitation.state !== 'invited') throw new Refused(`invitation is ${invitation.state}`);
      Object.assign(invitation, { state: 'joined', joinedAt: now() });
      if (invitation.interviewId !== null) return;
      tell('candidate_joined', { email: invitation.email, assessment_id: invitation.assessmentId });
    },

    /** The candidate hands in, or the clock ran out. `processing`: the report comes later. */
    submit(
      invitation: CoderbyteInvitation,
      { work, timeExpired, processing }: { work: CoderbyteWork; timeExpired: boolean; processing: boolean },
    ): void {
      if (invitation.state !== 'joined') throw new Refused(`invitation is ${invitation.state}`);
      if (invitation.interviewId !== null) throw new Refused('an interview is finished, not submitted');
      Object.assign(invitation, { work, timeExpired, completedAt: now(), state: processing ? 'processing' : 'completed' });
      complete(invitation);
    },

    /** The report is ready now. No second event is documented; the settings can make one. */
    finishProcessing(invitation: CoderbyteInvitation): void {
      if (invitation.state !== 'processing') throw new Refused(`invitation is ${invitation.state}`);
      invitation.state = 'completed';
      if (world.settings.tellsWhenReady) complete(invitation);
    },

    /** Scored again, or looked at again for plagiarism. No webhook tells of it. */
    changeWork(invitation: CoderbyteInvitation, change: Partial<CoderbyteWork>): void {
      if (!invitation.work) throw new Refused('the candidate has not finished');
      Object.assign(invitation.work, change);
    },

    /** Documented for assessments; of an interview's scorecard no webhook tells. */
    review(
      invitation: CoderbyteInvitation,
      { trigger, ...change }: { trigger: 'recommendation' | 'comment' } & Partial<CoderbyteInvitation['review']>,
    ): void {
      Object.assign(invitation.review, change);
      if (invitation.interviewId !== null) return;
      const { recommendation, comment, admin: email_admin } = invitation.review;
      const { email, assessmentId: assessment_id } = invitation;
      const report_url = reportUrlOf(world, invitation);
      tell('scorecard_updated', { email, assessment_id, report_url, trigger, recommendation, comment, email_admin });
    },

    /** A live interview is over. */
    finishInterview(invitation: CoderbyteInvitation, review: Partial<CoderbyteInvitation['review']>): void {
      if (invitation.interviewId === null) throw new Refused('this is not a live interview');
      if (!isOpen(invitation)) throw new Refused(`invitation is ${invitation.state}`);
      Object.assign(invitation.review, review);
      Object.assign(invitation, { state: 'completed', completedAt: now(), joinedAt: invitation.joinedAt ?? now() });
      const { email, interviewId: interview_id } = invitation;
      tell('interview_completed', { email, interview_id, report_url: reportUrlOf(world, invitation) });
    },
  };
}

export type CoderbyteActs = ReturnType<typeof createActs>;
