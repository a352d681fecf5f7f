import type { LeverComment, LeverContact, LeverNote, LeverOpportunity, LeverPosting, LeverWebhook } from '../types.ts';
import type { LeverApi } from './api-env.ts';

export const OPPORTUNITY_EXPANDS = ['applications', 'stage', 'owner', 'followers', 'sourcedBy', 'contact'] as const;

/** An opportunity as GET answers it. An expanded id becomes an object under the same key. */
export function toOpportunity(api: LeverApi, opportunity: LeverOpportunity, expand: readonly string[] = []) {
  const { account, pagesOrigin } = api;
  const contact = account.contacts.get(opportunity.contact);
  const posting = opportunity.postingId === null ? undefined : account.postings.get(opportunity.postingId);
  const userOf = (id: string | null) => (id === null ? null : (account.users.get(id) ?? id));
  const expanded = <T>(name: string, plain: unknown, whole: () => T) => (expand.includes(name) ? whole() : plain);
  return {
    id: opportunity.id,
    name: contact?.name ?? '',
    headline: contact?.headline ?? '',
    contact: expanded('contact', opportunity.contact, () => contact && toContact(contact)),
    stage: expanded('stage', opportunity.stage, () => account.stages.find(({ id }) => id === opportunity.stage)),
    confidentiality: opportunity.confidentiality,
    location: contact?.location ?? '',
    phones: contact?.phones ?? [],
    emails: contact?.emails ?? [],
    links: contact?.links ?? [],
    archived: opportunity.archived,
    tags: opportunity.tags,
    sources: opportunity.sources,
    stageChanges: opportunity.stageChanges,
    origin: opportunity.origin,
    sourcedBy: expanded('sourcedBy', opportunity.sourcedBy, () => userOf(opportunity.sourcedBy)),
    owner: expanded('owner', opportunity.owner, () => userOf(opportunity.owner)),
    followers: expanded('followers', opportunity.followers, () => opportunity.followers.map(userOf)),
    applications: expanded('applications', idsOfApplications(opportunity), () => toApplications(api, opportunity)),
    createdAt: opportunity.createdAt,
    updatedAt: opportunity.updatedAt,
    lastInteractionAt: opportunity.lastInteractionAt,
    lastAdvancedAt: opportunity.lastAdvancedAt,
    snoozedUntil: opportunity.snoozedUntil,
    urls: { list: `${pagesOrigin}/candidates`, show: `${pagesOrigin}/candidates/${opportunity.id}` },
    isAnonymized: contact?.isAnonymized ?? false,
    dataProtection: null,
    ...(posting ? { opportunityLocation: posting.location } : {}),
  };
}

/**
 * The trap, seen live: PUT stage, PUT archived, addTags and addSources answer with name, headline, e-mails and phones emptied
 * and without opportunityLocation. Inferred for removeTags and removeSources too.
 */
export function toEmptiedOpportunity(api: LeverApi, opportunity: LeverOpportunity) {
  const { opportunityLocation: _left, ...rest } = toOpportunity(api, opportunity);
  return { ...rest, name: '', headline: '', emails: [], phones: [] };
}

function idsOfApplications(opportunity: LeverOpportunity): string[] {
  return opportunity.applicationId === null ? [] : [opportunity.applicationId];
}

function toApplications({ account }: LeverApi, opportunity: LeverOpportunity) {
  const posting = opportunity.postingId === null ? undefined : account.postings.get(opportunity.postingId);
  return idsOfApplications(opportunity).map((id) => ({
    id,
    type: opportunity.origin === 'referred' ? 'referral' : 'posting',
    candidateId: opportunity.id,
    opportunityId: opportunity.id,
    posting: opportunity.postingId,
    postingOwner: posting?.owner ?? null,
    postingHiringManager: posting?.hiringManager ?? null,
    user: null,
    createdAt: opportunity.createdAt,
    archived: opportunity.archived,
  }));
}

export function toContact(contact: LeverContact) {
  const { id, name, headline, isAnonymized, location, emails, phones } = contact;
  return { id, name, headline, isAnonymized, location: { name: location }, emails, phones };
}

/** The text is in `fields[].value`; `text` is the form's title. */
export function toNote(note: LeverNote) {
  const toField = (comment: LeverComment) => ({ type: 'note', text: 'Comment', ...comment });
  return {
    id: note.id,
    text: 'Note',
    fields: note.comments.map(toField),
    user: note.user,
    secret: note.secret,
    completedAt: note.createdAt,
    createdAt: note.createdAt,
    deletedAt: null,
  };
}

/** Where a posting is shown; what is neither published nor internal is shown nowhere. */
export function toChannels({ state }: LeverPosting): string[] {
  if (state === 'published') return ['public', 'internal'];
  return state === 'internal' ? ['internal'] : [];
}

export function toPosting({ account, pagesOrigin }: LeverApi, posting: LeverPosting, expand: readonly string[] = []) {
  const { team, department, location, commitment, owner, hiringManager, ...rest } = posting;
  const user = (name: string, id: string | null) => (expand.includes(name) && id !== null ? (account.users.get(id) ?? id) : id);
  return {
    ...rest,
    user: user('user', owner),
    owner: user('owner', owner),
    hiringManager: user('hiringManager', hiringManager),
    followers: [],
    distributionChannels: toChannels(posting),
    categories: { team, department, location, commitment },
    tags: [],
    urls: { list: `${pagesOrigin}/postings`, show: `${pagesOrigin}/postings/${posting.id}` },
  };
}

/** `signatureToken` is told once, in the answer to POST: `reveal`. */
export function toWebhook(webhook: LeverWebhook, { reveal = false } = {}) {
  const { id, event, url, origins, signatureToken, createdAt, updatedAt } = webhook;
  const conditions = origins === null ? {} : { origins };
  return { id, event, url, configuration: { conditions, ...(reveal ? { signatureToken } : {}) }, createdAt, updatedAt };
}
