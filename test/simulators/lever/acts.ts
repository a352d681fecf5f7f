import type { LeverContact, LeverOpportunity, LeverOrigin } from './types.ts';
import type { LeverWorld } from './world.ts';

/**
 * What can happen to candidates, whoever does it: the API and a person in the UI go the same way, and both make webhooks.
 * Ids are expected to exist; callers check them and answer in their own manner.
 */
export function createActs(world: LeverWorld) {
  const { account, nowMs, tell } = world;

  const touch = (opportunity: LeverOpportunity) => {
    opportunity.lastInteractionAt = nowMs();
  };

  const enterStage = (opportunity: LeverOpportunity, stageId: string, userId: string | null, atMs = nowMs()) => {
    const toStageIndex = account.stages.findIndex((stage) => stage.id === stageId);
    opportunity.stage = stageId;
    opportunity.stageChanges.push({ toStageId: stageId, toStageIndex, updatedAt: atMs, userId });
    opportunity.lastAdvancedAt = atMs;
    opportunity.lastInteractionAt = atMs;
  };

  return {
    /** A person without a past here. */
    createContact(contact: LeverContact): LeverContact {
      account.contacts.set(contact.id, contact);
      tell({ event: 'contactCreated', opportunity: null, data: { contactId: contact.id } });
      return contact;
    },

    /** With a posting there is an application too, and only that is told: an opportunity alone makes no webhook. */
    createOpportunity(input: {
      contact: LeverContact;
      postingId: string | null;
      stageId: string;
      origin: LeverOrigin;
      ownerId: string | null;
      tags: string[];
      sources: string[];
      confidentiality: LeverOpportunity['confidentiality'];
      createdAt: number;
    }): LeverOpportunity {
      const { createdAt } = input;
      const posting = input.postingId === null ? undefined : account.postings.get(input.postingId);
      const inherited = posting ? [posting.text, posting.team, posting.department, posting.location, posting.commitment] : [];
      const opportunity: LeverOpportunity = {
        id: world.random.uuid(),
        contact: input.contact.id,
        stage: input.stageId,
        confidentiality: input.confidentiality,
        tags: [...new Set([...input.tags, ...inherited.filter((tag) => tag !== null)])],
        sources: input.sources,
        origin: input.origin,
        sourcedBy: input.origin === 'sourced' ? input.ownerId : null,
        owner: input.ownerId,
        followers: input.ownerId ? [input.ownerId] : [],
        archived: null,
        stageChanges: [],
        applicationId: posting ? world.random.uuid() : null,
        postingId: input.postingId,
        createdAt,
        updatedAt: null,
        lastInteractionAt: createdAt,
        lastAdvancedAt: createdAt,
        snoozedUntil: null,
      };
      enterStage(opportunity, input.stageId, input.ownerId, createdAt);
      account.opportunities.set(opportunity.id, opportunity);
      const { applicationId } = opportunity;
      if (applicationId) tell({ event: 'applicationCreated', opportunity, data: { applicationId } });
      return opportunity;
    },

    /** Inferred: a move to the stage the candidate is in already changes and tells nothing. An archived one stays archived. */
    changeStage(opportunity: LeverOpportunity, stageId: string, userId: string | null): void {
      const fromStageId = opportunity.stage;
      if (fromStageId === stageId) return;
      enterStage(opportunity, stageId, userId);
      tell({ event: 'candidateStageChange', opportunity, data: { toStageId: stageId, fromStageId } });
    },

    /** Null unarchives. A reason of the type `hired` is also told as candidateHired. */
    changeArchived(opportunity: LeverOpportunity, reasonId: string | null): void {
      const fromArchived = opportunity.archived;
      if (fromArchived === null && reasonId === null) return;
      opportunity.archived = reasonId === null ? null : { reason: reasonId, archivedAt: nowMs() };
      touch(opportunity);
      tell({ event: 'candidateArchiveChange', opportunity, data: { toArchived: opportunity.archived, fromArchived } });
      const hired = reasonId !== null && account.archiveReasons.get(reasonId)?.type === 'hired';
      if (hired) tell({ event: 'candidateHired', opportunity, data: {} });
    },

    /** Tags, sources: no webhook exists for either. */
    changeTexts(opportunity: LeverOpportunity, field: 'tags' | 'sources', change: { add?: string[]; remove?: string[] }): void {
      const kept = opportunity[field].filter((text) => !change.remove?.includes(text));
      opportunity[field] = [...new Set([...kept, ...(change.add ?? [])])];
      touch(opportunity);
    },

    /** Shared by all opportunities of the contact. */
    changeLinks(contact: LeverContact, change: { add?: string[]; remove?: string[] }): void {
      const kept = contact.links.filter((link) => !change.remove?.includes(link));
      contact.links = [...new Set([...kept, ...(change.add ?? [])])];
    },

    changeContact(contact: LeverContact, change: Partial<Omit<LeverContact, 'id'>>): void {
      Object.assign(contact, change);
      tell({ event: 'contactUpdated', opportunity: null, data: { contactId: contact.id } });
    },

    deleteOpportunity(opportunity: LeverOpportunity, userId: string | null): void {
      account.opportunities.delete(opportunity.id);
      account.deleted.push({ opportunity, deletedBy: userId, deletedAt: nowMs() });
      tell({ event: 'candidateDeleted', opportunity, data: {} });
    },

    /** Not publicly documented as an event, so nothing is told: only `isAnonymized` shows it. */
    anonymise(contact: LeverContact): void {
      Object.assign(contact, { name: '', headline: '', location: '', emails: [], phones: [], links: [], isAnonymized: true });
    },

    /** Renaming a posting rewrites the inherited tag and moves it to the end, as seen in a real account. */
    renamePosting(postingId: string, text: string): void {
      const posting = account.postings.get(postingId);
      if (!posting) throw new Error(`No posting ${postingId}`);
      const old = posting.text;
      Object.assign(posting, { text, updatedAt: nowMs() });
      for (const opportunity of account.opportunities.values()) {
        if (opportunity.postingId !== postingId || !opportunity.tags.includes(old)) continue;
        opportunity.tags = [...opportunity.tags.filter((tag) => tag !== old && tag !== text), text];
      }
    },
  };
}

export type LeverActs = ReturnType<typeof createActs>;
