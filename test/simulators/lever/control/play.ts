import { z } from 'zod';
import type { LeverActs } from '../acts.ts';
import { SCORES } from '../api/feedback.ts';
import { MAX_SCOPES, SCOPES } from '../oauth/scopes.ts';
import type { LeverApp } from '../oauth/types.ts';
import {
  ACCESS_ROLES,
  type LeverApiKey,
  type LeverPermission,
  type LeverUser,
  type LeverWebhook,
  ORIGINS,
  RESOURCES,
  WEBHOOK_EVENTS,
} from '../types.ts';
import type { LeverWorld } from '../world.ts';
import { command } from './command.ts';

const id = z.string();
const onOpportunity = z.strictObject({ opportunityId: id });
const by = { userId: id.nullable().default(null) };
const permissions = RESOURCES.flatMap((resource): LeverPermission[] => [`${resource}:read`, `${resource}:write`]);

/** What people do in Lever's own pages. Everything is written to the journal as an act, and makes webhooks as in Lever. */
export function createPlay(world: LeverWorld, acts: LeverActs) {
  const { account, journal, random, nowMs } = world;

  const noted = (what: string, detail: Record<string, unknown>) => {
    journal.add({ simulator: 'lever', kind: 'act', what, status: null, detail });
  };
  const need = <T>(what: string, found: T | undefined): T => {
    if (found === undefined) throw new Error(`No ${what}`);
    return found;
  };
  const opportunityOf = (opportunityId: string) => need(`opportunity ${opportunityId}`, account.opportunities.get(opportunityId));
  const contactOf = (contactId: string) => need(`contact ${contactId}`, account.contacts.get(contactId));
  const ensureStage = (stageId: string) =>
    need(
      `stage ${stageId}`,
      account.stages.find((stage) => stage.id === stageId),
    );

  return {
    createUser: command(
      z.strictObject({
        name: z.string(),
        email: z.string(),
        accessRole: z.union([z.enum(ACCESS_ROLES), z.uuid()]),
        jobTitle: z.string().nullable().default(null),
      }),
      ({ name, email, accessRole, jobTitle }) => {
        const user: LeverUser = {
          id: random.uuid(),
          name,
          username: email.split('@')[0] ?? email,
          email,
          accessRole,
          photo: null,
          createdAt: nowMs(),
          deactivatedAt: null,
          externalDirectoryId: null,
          linkedContactIds: [],
          jobTitle,
          managerId: null,
        };
        account.users.set(user.id, user);
        noted('create user', { userId: user.id });
        return user;
      },
    ),
    deactivateUser: command(z.strictObject({ userId: id }), ({ userId }) => {
      need(`user ${userId}`, account.users.get(userId)).deactivatedAt = nowMs();
      noted('deactivate user', { userId });
    }),

    /** Before the stage `beforeStageId`, else last but one: Offer stays the end. */
    createStage: command(z.strictObject({ text: z.string(), beforeStageId: id.default('offer') }), ({ text, beforeStageId }) => {
      const stage = { id: random.uuid(), text };
      const rank = account.stages.indexOf(ensureStage(beforeStageId));
      account.stages.splice(rank, 0, stage);
      noted('create stage', { stageId: stage.id, text });
      return stage;
    }),
    createArchiveReason: command(
      z.strictObject({ text: z.string(), type: z.enum(['hired', 'non-hired']).default('non-hired') }),
      ({ text, type }) => {
        const reason = { id: random.uuid(), text, status: 'active' as const, type };
        account.archiveReasons.set(reason.id, reason);
        noted('create archive reason', { reasonId: reason.id, text });
        return reason;
      },
    ),
    createPosting: command(
      z.strictObject({
        text: z.string(),
        team: z.string(),
        location: z.string(),
        department: z.string().nullable().default(null),
        commitment: z.string().nullable().default(null),
        ownerId: id.nullable().default(null),
        hiringManagerId: id.nullable().default(null),
        confidentiality: z.enum(['confidential', 'non-confidential']).default('non-confidential'),
      }),
      ({ ownerId, hiringManagerId, ...words }) => {
        const times = { createdAt: nowMs(), updatedAt: nowMs() };
        const posting = {
          ...words,
          ...times,
          id: random.uuid(),
          state: 'published' as const,
          owner: ownerId,
          hiringManager: hiringManagerId,
        };
        account.postings.set(posting.id, posting);
        noted('create posting', { postingId: posting.id, text: posting.text });
        return posting;
      },
    ),
    renamePosting: command(z.strictObject({ postingId: id, text: z.string() }), ({ postingId, text }) => {
      acts.renamePosting(postingId, text);
      noted('rename posting', { postingId, text });
    }),

    createContact: command(
      z.strictObject({
        name: z.string().default(''),
        headline: z.string().default(''),
        location: z.string().default(''),
        emails: z.array(z.string()).default([]),
        phones: z.array(z.strictObject({ type: z.string().optional(), value: z.string() })).default([]),
        links: z.array(z.string()).default([]),
      }),
      (words) => {
        const contact = acts.createContact({ id: random.uuid(), ...words, isAnonymized: false });
        noted('create contact', { contactId: contact.id });
        return contact;
      },
    ),
    /** With a posting: somebody applied. Without: a lead that nobody has an application of. */
    createOpportunity: command(
      z.strictObject({
        contactId: id,
        postingId: id.nullable().default(null),
        stageId: id.default('applicant-new'),
        origin: z.enum(ORIGINS).default('applied'),
        ownerId: id.nullable().default(null),
        tags: z.array(z.string()).default([]),
        sources: z.array(z.string()).default([]),
        confidentiality: z.enum(['confidential', 'non-confidential']).default('non-confidential'),
        /** When they came and entered that stage; now unless said otherwise. */
        createdAt: z.number().int().optional(),
      }),
      ({ contactId, createdAt = nowMs(), ...rest }) => {
        ensureStage(rest.stageId);
        if (rest.postingId !== null) need(`posting ${rest.postingId}`, account.postings.get(rest.postingId));
        const opportunity = acts.createOpportunity({ contact: contactOf(contactId), createdAt, ...rest });
        noted('create opportunity', { opportunityId: opportunity.id });
        return opportunity;
      },
    ),

    move: command(onOpportunity.extend({ stageId: id, ...by }), ({ opportunityId, stageId, userId }) => {
      ensureStage(stageId);
      acts.changeStage(opportunityOf(opportunityId), stageId, userId);
      noted('move', { opportunityId, stageId, userId });
    }),
    tag: command(onOpportunity.extend({ tags: z.array(z.string()).min(1) }), ({ opportunityId, tags }) => {
      acts.changeTexts(opportunityOf(opportunityId), 'tags', { add: tags });
      noted('tag', { opportunityId, tags });
    }),
    untag: command(onOpportunity.extend({ tags: z.array(z.string()).min(1) }), ({ opportunityId, tags }) => {
      acts.changeTexts(opportunityOf(opportunityId), 'tags', { remove: tags });
      noted('untag', { opportunityId, tags });
    }),
    archive: command(onOpportunity.extend({ reasonId: id }), ({ opportunityId, reasonId }) => {
      need(`archive reason ${reasonId}`, account.archiveReasons.get(reasonId));
      acts.changeArchived(opportunityOf(opportunityId), reasonId);
      noted('archive', { opportunityId, reasonId });
    }),
    unarchive: command(onOpportunity, ({ opportunityId }) => {
      acts.changeArchived(opportunityOf(opportunityId), null);
      noted('unarchive', { opportunityId });
    }),
    /** Archives with the account's reason of the type `hired`: candidateArchiveChange and candidateHired. */
    hire: command(onOpportunity, ({ opportunityId }) => {
      const reason = need(
        'hired reason',
        account.archiveReasons.values().find(({ type }) => type === 'hired'),
      );
      acts.changeArchived(opportunityOf(opportunityId), reason.id);
      noted('hire', { opportunityId, reasonId: reason.id });
    }),
    deleteOpportunity: command(onOpportunity.extend(by), ({ opportunityId, userId }) => {
      acts.deleteOpportunity(opportunityOf(opportunityId), userId);
      noted('delete', { opportunityId, userId });
    }),
    setConfidential: command(onOpportunity.extend({ confidential: z.boolean() }), ({ opportunityId, confidential }) => {
      opportunityOf(opportunityId).confidentiality = confidential ? 'confidential' : 'non-confidential';
      noted('set confidential', { opportunityId, confidential });
    }),
    changeContact: command(
      z.strictObject({ contactId: id, name: z.string().optional(), emails: z.array(z.string()).optional() }),
      ({ contactId, ...change }) => {
        acts.changeContact(contactOf(contactId), change);
        noted('change contact', { contactId, ...change });
      },
    ),
    anonymise: command(z.strictObject({ contactId: id }), ({ contactId }) => {
      acts.anonymise(contactOf(contactId));
      noted('anonymise', { contactId });
    }),
    /** A note typed in Lever: the API may read it, never change it. */
    writeNote: command(onOpportunity.extend({ text: z.string(), ...by }), ({ opportunityId, text, userId }) => {
      const { stage } = opportunityOf(opportunityId);
      const comments = [{ value: text, score: null, stage, user: userId, createdAt: nowMs() }];
      const note = {
        id: random.uuid(),
        opportunityId,
        comments,
        user: userId,
        secret: false,
        createdAt: nowMs(),
        createdByApi: false,
      };
      account.notes.set(note.id, note);
      noted('write note', { opportunityId, noteId: note.id });
      return note;
    }),
    /** A feedback form made in Lever's settings: a score and a text. */
    createFeedbackTemplate: command(
      z.strictObject({ text: z.string(), requiredText: z.string().optional() }),
      ({ text, requiredText }) => {
        const field = (type: string, words: string, required = false) => ({
          id: random.uuid(),
          type,
          text: words,
          description: '',
          required,
        });
        const fields = [
          { ...field('score-system', 'Rating', true), ...SCORES },
          field('textarea', 'Comments'),
          ...(requiredText === undefined ? [] : [field('text', requiredText, true)]),
        ];
        const times = { createdAt: nowMs(), updatedAt: null };
        const template = { id: random.uuid(), text, instructions: '', fields, createdByApi: false, ...times };
        account.feedbackTemplates.set(template.id, template);
        noted('create feedback template', { templateId: template.id, text });
        return template;
      },
    ),
    /** A colleague answers under a note, whoever wrote it. */
    commentOnNote: command(z.strictObject({ noteId: id, text: z.string(), ...by }), ({ noteId, text, userId }) => {
      const note = need(`note ${noteId}`, account.notes.get(noteId));
      const { stage } = opportunityOf(note.opportunityId);
      note.comments.push({ value: text, score: null, stage, user: userId, createdAt: nowMs() });
      noted('comment on note', { noteId });
    }),
    deleteNote: command(z.strictObject({ noteId: id }), ({ noteId }) => {
      need(`note ${noteId}`, account.notes.get(noteId));
      account.notes.delete(noteId);
      noted('delete note', { noteId });
    }),
    scheduleInterview: command(
      onOpportunity.extend({ subject: z.string(), date: z.number().int(), interviewerId: id.nullable().default(null) }),
      ({ opportunityId, subject, date, interviewerId }) => {
        const interview = { id: random.uuid(), opportunityId, subject, date, interviewer: interviewerId };
        account.interviews.set(interview.id, interview);
        noted('schedule interview', { opportunityId, interviewId: interview.id });
        return interview;
      },
    ),

    /** "Generate new key": shown once. Without `permissions` it may do everything. */
    createKey: command(
      z.strictObject({
        label: z.string(),
        permissions: z.array(z.enum(permissions)).default(permissions),
        without: z.array(z.string()).default([]),
        confidential: z.boolean().default(false),
      }),
      ({ label, permissions, without, confidential }) => {
        const rights = { permissions: new Set(permissions), without: new Set(without) };
        const key: LeverApiKey = { label, secret: random.hex(24), ...rights, confidential };
        account.keys.push(key);
        noted('create key', { label });
        return { label, secret: key.secret };
      },
    ),
    revokeKey: command(z.strictObject({ label: z.string() }), ({ label }) => {
      account.keys = account.keys.filter((key) => key.label !== label);
      noted('revoke key', { label });
    }),

    /** Lever's staff registers an app: exact addresses, at most 20 scopes. */
    registerApp: command(
      z.strictObject({
        redirectUris: z.array(z.url()).min(1),
        scopes: z.array(z.string().refine((scope) => SCOPES.has(scope), 'Lever has no such scope')).max(MAX_SCOPES),
      }),
      ({ redirectUris, scopes }) => {
        const app: LeverApp = { clientId: random.hex(12), clientSecret: random.hex(24), redirectUris, scopes };
        account.oauth.apps.set(app.clientId, app);
        noted('register app', { clientId: app.clientId });
        return app;
      },
    ),
    /** A Super Admin removes the app in the settings. */
    removeConsent: command(z.strictObject({ clientId: id }), ({ clientId }) => {
      const { codes, refreshTokens, accessTokens } = account.oauth;
      for (const { grant } of [...codes.values(), ...refreshTokens.values(), ...accessTokens.values()])
        if (grant.clientId === clientId) grant.revoked = true;
      noted('remove consent', { clientId });
    }),

    /** "+ Add webhook" on the settings page: the event is switched on with it unless `switchOn` is false. Answers the token to copy. */
    addWebhook: command(
      z.strictObject({
        event: z.enum(WEBHOOK_EVENTS),
        url: z.string(),
        origins: z.array(z.enum(ORIGINS)).nullable().default(null),
        switchOn: z.boolean().default(true),
        withoutToken: z.boolean().default(false),
      }),
      ({ event, url, origins, switchOn, withoutToken }) => {
        const allowed = world.settings.allowHttpWebhooks ? /^https?:/ : /^https:/;
        if (!allowed.test(url)) throw new Error('Lever delivers to https addresses only');
        const signatureToken = withoutToken ? null : random.hex(24);
        const times = { createdAt: nowMs(), updatedAt: nowMs() };
        const webhook: LeverWebhook = { id: random.uuid(), event, url, origins, signatureToken, createdByApi: false, ...times };
        account.webhooks.set(webhook.id, webhook);
        if (switchOn) account.eventsOn.add(event);
        noted('add webhook', { webhookId: webhook.id, event, url });
        return webhook;
      },
    ),
    removeWebhook: command(z.strictObject({ webhookId: id }), ({ webhookId }) => {
      account.webhooks.delete(webhookId);
      noted('remove webhook', { webhookId });
    }),
    switchEvent: command(z.strictObject({ event: z.enum(WEBHOOK_EVENTS), on: z.boolean() }), ({ event, on }) => {
      if (on) account.eventsOn.add(event);
      else account.eventsOn.delete(event);
      noted('switch event', { event, on });
    }),
  };
}

export type LeverPlay = ReturnType<typeof createPlay>;
