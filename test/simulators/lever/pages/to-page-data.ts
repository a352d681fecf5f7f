import type { LeverOpportunity } from '../types.ts';
import type { LeverWorld } from '../world.ts';

/** What the pages show, for the person signed in: a Super Admin, so confidential candidates too. */
export function toListData({ account }: LeverWorld) {
  const rankOf = (stageId: string) => account.stages.findIndex(({ id }) => id === stageId);
  const active = [...account.opportunities.values()].filter(({ archived }) => archived === null);
  const ordered = active.toSorted((a, b) => rankOf(a.stage) - rankOf(b.stage) || b.lastInteractionAt - a.lastInteractionAt);
  return {
    stages: account.stages.map(({ id, text }) => ({ id, text, count: active.filter(({ stage }) => stage === id).length })),
    candidates: ordered.map((opportunity) => ({
      id: opportunity.id,
      name: account.contacts.get(opportunity.contact)?.name ?? '',
      headline: account.contacts.get(opportunity.contact)?.headline ?? '',
      stageId: opportunity.stage,
      stage: account.stages.find(({ id }) => id === opportunity.stage)?.text ?? '',
      posting: postingOf(account, opportunity)?.text ?? '',
      owner: nameOf(account, opportunity.owner),
      lastInteractionAt: opportunity.lastInteractionAt,
      confidential: opportunity.confidentiality === 'confidential',
    })),
  };
}

/** One candidate's profile, or undefined when there is no such opportunity. */
export function findProfileData({ account }: LeverWorld, opportunityId: string) {
  const opportunity = account.opportunities.get(opportunityId);
  const contact = opportunity && account.contacts.get(opportunity.contact);
  if (!opportunity || !contact) return undefined;
  const { name, headline, location, emails, phones, links } = contact;
  const archived = opportunity.archived && account.archiveReasons.get(opportunity.archived.reason)?.text;
  const posting = postingOf(account, opportunity);
  const notes = [...account.notes.values()].filter((note) => note.opportunityId === opportunityId).reverse();
  return {
    id: opportunity.id,
    person: { name, headline, location, emails, phones: phones.map(({ value }) => value), links },
    stageId: opportunity.stage,
    stages: account.stages,
    archived,
    archiveReasons: [...account.archiveReasons.values()].filter(({ status }) => status === 'active'),
    confidential: opportunity.confidentiality === 'confidential',
    posting: posting ? { text: posting.text, team: posting.team, location: posting.location } : null,
    tags: opportunity.tags,
    sources: opportunity.sources,
    origin: opportunity.origin,
    owner: nameOf(account, opportunity.owner),
    createdAt: opportunity.createdAt,
    others: [...account.opportunities.values()]
      .filter((other) => other.contact === opportunity.contact && other.id !== opportunity.id)
      .map((other) => ({ id: other.id, posting: postingOf(account, other)?.text ?? 'No posting' })),
    history: opportunity.stageChanges.map(({ toStageId, updatedAt, userId }) => ({
      stage: account.stages.find(({ id }) => id === toStageId)?.text ?? toStageId,
      at: updatedAt,
      by: nameOf(account, userId),
    })),
    notes: notes.map((note) => ({
      id: note.id,
      secret: note.secret,
      author: nameOf(account, note.user) || (note.createdByApi ? 'API' : ''),
      at: note.createdAt,
      texts: note.comments.map(({ value }) => value),
    })),
  };
}

/** The candidate of an interview page. Its id is the INTERVIEW's, not an opportunity's. */
export function findInterviewData(world: LeverWorld, interviewId: string) {
  const interview = world.account.interviews.get(interviewId);
  const profile = interview && findProfileData(world, interview.opportunityId);
  if (!interview || !profile) return undefined;
  const { subject, date, interviewer } = interview;
  return {
    name: profile.person.name,
    subject,
    date,
    interviewer: nameOf(world.account, interviewer),
    posting: profile.posting?.text ?? '',
  };
}

export function toSettingsData({ account }: LeverWorld) {
  const webhooks = [...account.webhooks.values()].filter(({ createdByApi }) => !createdByApi);
  return {
    webhooks: webhooks.map(({ event, url, signatureToken }) => ({ event, url, signatureToken, on: account.eventsOn.has(event) })),
    keys: account.keys.map(({ label, confidential }) => ({ label, confidential })),
  };
}

function nameOf(account: LeverWorld['account'], userId: string | null): string {
  return (userId !== null && account.users.get(userId)?.name) || '';
}

function postingOf(account: LeverWorld['account'], { postingId }: LeverOpportunity) {
  return postingId === null ? undefined : account.postings.get(postingId);
}
