import type { InvitationState } from '../../lib/domain/invitation.ts';

/**
 * THE MODEL: what must hold of any history, whatever the clicks, webhooks, polls, crashes, undos and times in it. Each rule looks at one
 * history when it has come to rest (all webhooks have arrived, nothing is due, nobody dies any more) and says what is wrong, one sentence
 * each. Nothing of the code under test is used here: it knows outcomes, not ways.
 */
export interface Rule {
  must: string;
  broken(told: Told): string[];
}

/** A history as it looks from outside, and what the store keeps of it. */
export interface Told {
  applications: ToldApplication[];
  invitations: ToldInvitation[];
  effects: ToldEffect[];
  /** Invitations that really went out, as the vendors and the mail server saw them: by the effect that was under way. */
  went: { effectId: string | null; atMs: number }[];
  /** Assessments of which several invitations were open at the moment of a commit. */
  severalOpen: readonly string[];
  /** Every write that was carried out outside for an effect. */
  writes: { applicationKey: string; atMs: number; what: string }[];
  /** Webhooks about these people. `isRelayed`: it was made a hint, or it was said why not. */
  deliveries: { isRelayed: boolean; outcome: string | null }[];
}

export interface ToldApplication {
  key: string | null;
  /** Where its ATS had it over time, oldest first; the last is how it is. */
  stood: { atMs: number; stage: string | null; active: boolean; deleted: boolean }[];
  /** When nothing was kept of it any more; null: it was not erased. */
  erasedAtMs: number | null;
  /** Crossings that its ATS tells: stage and milliseconds. Empty where the history of the ATS cannot be compared. */
  crossings: string[];
  /** Crossings for which a decision stands in the store. */
  decided: string[];
  /** What we believe of it. */
  known: { stageName: string | null; active: boolean; vanished: boolean } | null;
  /** Hints that no reading has answered. */
  hintsLeft: number;
  inputs: { kind: string; isHandled: boolean; hasDecision: boolean }[];
  decisions: { event: string; sentences: string[] }[];
  /** Each commit in order: the age of the reading it rests on, and how many crossings that knew. */
  commits: { snapshotAtMs: number; crossings: number; active: boolean; atMs: number }[];
  /** Texts of our notes in the ATS. */
  notes: string[];
}

export interface ToldInvitation {
  id: string;
  vendorConnectionId: string;
  assessment: string;
  person: string;
  state: InvitationState;
  attempt: number;
  isOpen: boolean;
}

export interface ToldEffect {
  id: string;
  kind: string;
  state: string;
  invitationId: string | null;
  applicationKey: string;
  createdAtMs: number;
  /** What asked for it: a rule sends into the assessment stage alone. */
  byRule: boolean;
  /** The event that it was decided on. */
  decidedOn: string | null;
  /**
   * What was carried out outside while it ran, and how often: `invitation` for one that really went out, `asked` for how often a vendor that
   * had made one was asked for it, else method and path.
   */
  carriedOut: Record<string, number>;
  hasReport: boolean;
  /** Called done, with the word that there was nothing to do (any more): nobody takes it for something that happened. */
  saysNothingToDo: boolean;
  /** Of a move: where to. */
  toStage: string | null;
  /** The last failure, in words. */
  error: string | null;
}

/** Whatever would be there twice if it were done twice. Others (a tag, a cancelling) are the same the second time; invitations have a rule. */
const ONCE = [
  'send-invitation',
  'write-note',
  'move-to-stage',
  'attach-report',
  'write-feedback',
  'remind-candidate',
  'resend-invitation',
  'change-application',
];
/** Whoever hears that one of these is done may look for it outside. Tags are left out: a person may have set the same, or taken it away. */
const LEAVES_TRACE = [
  'send-invitation',
  'write-note',
  'attach-report',
  'write-feedback',
  'remind-candidate',
  'resend-invitation',
  'move-to-stage',
];
/** A click rests on what was read less than two minutes ago. */
const FRESH_MS = 120_000;

const timesOf = ({ kind, carriedOut }: ToldEffect) =>
  kind === 'send-invitation' ? (carriedOut.invitation ?? 0) : Math.max(0, ...Object.values(carriedOut));

export const MODEL: readonly Rule[] = [
  {
    must: 'one open invitation per vendor connection, assessment and person at most',
    broken: ({ invitations, severalOpen }) => [
      ...severalOpen.map((assessment) => `several were open: ${assessment}`),
      ...repeated(
        invitations.filter((one) => one.isOpen).map((one) => `${one.vendorConnectionId} ${one.assessment} ${one.person}`),
      ).map((whom) => `several are open: ${whom}`),
    ],
  },
  {
    must: 'an invitation goes out once by itself, again only on a person’s word, and only if it was not undone',
    broken: ({ went, effects, invitations }) => {
      // Of somebody erased no effect is kept: then it is known only which of them it was.
      const sendings = went.map(({ effectId }) => {
        const sending = effects.find(({ id }) => id === effectId);
        return { id: sending?.invitationId ?? `of effect ${effectId}`, decidedOn: sending?.decidedOn };
      });
      // Of an unconfirmed one a person may say "send again"; that each sending goes out once is the next rule.
      const byItself = sendings.filter(({ decidedOn }) => decidedOn !== 'retry.requested').map(({ id }) => id);
      const ids = sendings.map(({ id }) => id);
      const undone = invitations.filter(({ id, state }) => state === 'undone' && ids.includes(id));
      return [
        ...repeated(byItself).map((id) => `went out twice: ${id}`),
        ...undone.map(({ id }) => `undone and went out: ${id}`),
      ];
    },
  },
  {
    must: 'each effect at most once outside',
    broken: ({ effects }) =>
      effects
        .filter((effect) => ONCE.includes(effect.kind) && timesOf(effect) > 1)
        .map((effect) => `${effect.kind} was carried out ${timesOf(effect)} times: ${JSON.stringify(effect.carriedOut)}`),
  },
  {
    must: 'a vendor is asked once for what it has made',
    broken: ({ effects }) =>
      effects
        .filter(({ carriedOut: { asked = 0 } }) => asked > 1)
        .map(({ kind, state, carriedOut: { asked } }) => `${kind}, ${state}, was asked for ${asked} times`),
  },
  {
    must: 'no note twice',
    broken: ({ applications }) =>
      applications.flatMap(({ notes }) => repeated(notes.map(referenceIn)).map((reference) => `noted twice: ${reference}`)),
  },
  {
    must: 'no effect is lost silently: done, or failed or unconfirmed and said so',
    broken: ({ effects, applications }) =>
      effects.flatMap((effect) => {
        const what = `${effect.kind} ${effect.id}`;
        if (!['done', 'failed', 'unconfirmed'].includes(effect.state)) return [`${what} is still ${effect.state}`];
        if (!effect.hasReport) return [`${what} is ${effect.state} and nobody was told`];
        const isThere = timesOf(effect) > 0;
        const claims = effect.state === 'done' && LEAVES_TRACE.includes(effect.kind) && !effect.saysNothingToDo;
        // A move may have been made by a person, too.
        if (claims && !isThere && !hasStoodIn(applications, effect)) return [`${what} is called done and never happened`];
        if (effect.state === 'failed' && ONCE.includes(effect.kind) && isThere)
          return [`${what} is called failed (${effect.error}) and did happen`];
        return [];
      }),
  },
  {
    must: 'every acknowledged delivery ends in a decision, or in a word why it needs none',
    broken: ({ deliveries, applications }) => [
      ...deliveries.flatMap(({ isRelayed, outcome }) => (isRelayed && outcome ? [] : [`a delivery was left as ${outcome}`])),
      ...applications.flatMap(({ key, hintsLeft, inputs }) => [
        ...(hintsLeft > 0 ? [`${hintsLeft} hints were never looked at: ${key}`] : []),
        ...inputs.filter(({ isHandled }) => !isHandled).map(({ kind }) => `nobody looked at ${kind}`),
        // What a vendor says may be no news; what a person or an effect says is always answered.
        ...inputs
          .filter(
            ({ kind, isHandled, hasDecision }) => isHandled && !hasDecision && !['poll', 'vendor-hint', 'deleted'].includes(kind),
          )
          .map(({ kind }) => `${kind} was taken without a decision`),
      ]),
    ],
  },
  {
    must: 'every decision has a reason that can be read',
    broken: ({ applications }) =>
      applications.flatMap(({ decisions }) =>
        decisions
          .filter(({ sentences }) => sentences.length === 0 || sentences.some((one) => one.trim() === '' || /[{}]/.test(one)))
          .map(({ event, sentences }) => `${event}: ${JSON.stringify(sentences)}`),
      ),
  },
  {
    must: 'nothing is sent to somebody who left',
    broken: ({ effects, applications, went }) =>
      effects.flatMap((effect) => {
        if (effect.kind !== 'send-invitation' || timesOf(effect) === 0) return [];
        const application = applications.find(({ key }) => key === effect.applicationKey);
        if (!application) return [`sent for nobody: ${effect.id}`];
        // A second try by hand may rest on a reading that is two minutes old; all else has been read just now.
        const sinceMs = effect.createdAtMs - (effect.decidedOn === 'retry.requested' ? FRESH_MS : 0);
        const stood = stoodBetween(application, sinceMs, effect.createdAtMs);
        const gone = stood.every(({ active, stage }) => !active || (effect.byRule && stage !== 'assessment'));
        const calls = went.filter(({ effectId }) => effectId === effect.id);
        const knewBetter = calls.some(({ atMs }) => application.commits.findLast((one) => one.atMs <= atMs)?.active === false);
        return [
          ...(gone ? [`decided on ${effect.decidedOn} to send, though gone: ${JSON.stringify(stood)}`] : []),
          ...(knewBetter ? ['sent, though it was known that the application is over'] : []),
        ];
      }),
  },
  {
    must: 'no effect after erasure',
    broken: ({ applications, writes }) =>
      applications.flatMap(({ key, erasedAtMs }) =>
        erasedAtMs === null
          ? []
          : writes
              .filter(({ applicationKey, atMs }) => applicationKey === key && atMs > erasedAtMs)
              .map(({ what, atMs }) => `${what}, ${atMs - erasedAtMs} ms after`),
      ),
  },
  {
    must: 'each stage entry is decided, once',
    broken: ({ applications }) =>
      applications.flatMap(({ crossings, decided, decisions, stood }) => {
        const entered = decisions.filter(({ event }) => event === 'stage.entered').length;
        const missed = stood.at(-1)?.deleted ? [] : crossings.filter((one) => !decided.includes(one));
        return [
          ...repeated(decided).map((one) => `decided twice: ${one}`),
          ...(entered === decided.length ? [] : [`${entered} decisions for ${decided.length} stage entries`]),
          ...missed.map((one) => `never decided: ${one}`),
        ];
      }),
  },
  {
    must: 'a later commit never rests on an older reading',
    broken: ({ applications }) =>
      applications.flatMap(({ commits }) =>
        commits.flatMap((commit, index) => {
          const before = commits[index - 1];
          if (!before) return [];
          if (commit.snapshotAtMs < before.snapshotAtMs)
            return [`a commit went back by ${before.snapshotAtMs - commit.snapshotAtMs} ms`];
          return [];
        }),
      ),
  },
  {
    must: 'in the end we believe what is so',
    broken: ({ applications }) =>
      applications.flatMap(({ stood, known }) => {
        const is = stood.at(-1);
        if (!is || !known) return is && !is.deleted ? ['nothing is kept of somebody who is there'] : [];
        // The ATS said it by a signed word or lists it: nothing is kept.
        if (is.deleted) return ['deleted, and still kept'];
        if (known.vanished) return ['there, and believed to be gone'];
        const same = known.active === is.active && (!is.active || known.stageName === is.stage);
        return same ? [] : [`believed ${JSON.stringify(known)}, is ${JSON.stringify(is)}`];
      }),
  },
];

/** What is wrong with a history; empty when it is as it must be. */
export function judgeHistory(told: Told): string[] {
  return MODEL.flatMap(({ must, broken }) => broken(told).map((what) => `${must}: ${what}`));
}

function hasStoodIn(applications: readonly ToldApplication[], { applicationKey, toStage, createdAtMs }: ToldEffect): boolean {
  const application = applications.find(({ key }) => key === applicationKey);
  const stood = application ? stoodBetween(application, createdAtMs, Number.POSITIVE_INFINITY) : [];
  return toStage !== null && stood.some(({ stage }) => stage === toStage);
}

function stoodBetween({ stood }: ToldApplication, fromMs: number, toMs: number): ToldApplication['stood'] {
  const first = stood.findLastIndex(({ atMs }) => atMs <= fromMs);
  return stood.filter(({ atMs }, index) => index >= Math.max(first, 0) && (atMs <= toMs || index === 0));
}

function referenceIn(note: string): string {
  return /TA-[0-9a-f]{12}/.exec(note)?.[0] ?? note;
}

function repeated(keys: readonly string[]): string[] {
  return [...new Set(keys.filter((key, index) => keys.indexOf(key) !== index))];
}
