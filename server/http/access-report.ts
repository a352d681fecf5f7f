import type { AccessFact, AccessReport, AccessRight } from '../../lib/contract/access.ts';
import type { ConnectionView, WebhookView } from '../../lib/contract/settings.ts';
import type { AtsDoctor, Examination, Heard } from '../ats/doctor.ts';
import type { AllowanceLeft } from '../outbound/rate-limiter.ts';
import { say } from '../say.ts';
import { describeFailure } from './describe-failure.ts';

type Examined = Awaited<ReturnType<AtsDoctor['examine']>>;

interface Surroundings {
  /** How people call this ATS. */
  ats: string;
  connection: Pick<ConnectionView, 'name' | 'kind' | 'webhooks' | 'consent'>;
  publicUrl: string | null;
  now: Date;
}

/** Their clock may be this far from ours before it is worth a word: signatures and tokens allow for some minutes. */
const CLOCK_TOLERANCE_MS = 60_000;
/** Early enough for a Super Admin to be found. */
const WARN_BEFORE_MS = 14 * 86_400_000;

/** What was found, in words. Pure. */
export function toAccessReport(examined: Examined, around: Surroundings): AccessReport {
  const { ats, connection, now } = around;
  const rights: AccessRight[] = examined.rights.map(({ name, state, needed, purpose }) => ({
    name,
    state,
    needed,
    purpose: say(`server.access.purpose.${purpose}`),
  }));
  const missing = rights.filter(({ state, needed }) => needed && state === 'missing').map(({ name }) => name);
  const unknown = rights.filter(({ state, needed }) => needed && state === 'unknown').length;
  const isLimited = examined.actingUser?.seesAll === 'no';
  const isConsent = connection.consent !== null;
  return {
    connection: connection.name,
    examinedAt: now.toISOString(),
    ok: examined.trouble === null && missing.length === 0 && !isLimited,
    summary: summarise({ ats, isConsent, trouble: examined.trouble, missing, unknown, isLimited }),
    rights,
    facts: [
      credentialFact(examined, { ats, isConsent }),
      ...actingUserFact(examined, around),
      ...examined.expiries.map((expiry) => expiryFact(expiry, ats, now)),
      clockFact(examined, ats),
      allowanceFact(examined.allowance, ats),
      publicUrlFact(around.publicUrl),
      ...connection.webhooks.map(webhookFact),
      ...trialFact(examined.trial, ats),
    ],
  };
}

/** A report that says why nothing could be asked: a missing credential, a consent that nobody has given. */
export function toUnaskedReport(message: string, around: Surroundings): AccessReport {
  return {
    connection: around.connection.name,
    examinedAt: around.now.toISOString(),
    ok: false,
    summary: message,
    rights: [],
    facts: [
      { id: 'credential', state: 'bad', text: message },
      publicUrlFact(around.publicUrl),
      ...around.connection.webhooks.map(webhookFact),
    ],
  };
}

interface Findings {
  ats: string;
  isConsent: boolean;
  trouble: Examination['trouble'];
  missing: string[];
  unknown: number;
  isLimited: boolean;
}

function summarise({ ats, isConsent, trouble, missing, unknown, isLimited }: Findings): string {
  if (trouble) return describeFailure(trouble, ats, isConsent);
  if (missing.length > 0) return say('server.access.summary.missing', { missing: missing.join(', ') });
  if (isLimited) return say('server.access.acting-user.limited', { ats });
  return unknown > 0 ? say('server.access.summary.unknown', { count: unknown }) : say('server.access.summary.complete');
}

function credentialFact({ trouble }: Examination, { ats, isConsent }: Pick<Findings, 'ats' | 'isConsent'>): AccessFact {
  return trouble
    ? { id: 'credential', state: 'bad', text: describeFailure(trouble, ats, isConsent) }
    : { id: 'credential', state: 'good', text: say('server.access.credential', { ats }) };
}

/** Lever's rights are the whole organisation's; there acts no user who could see less. */
function actingUserFact({ actingUser }: Examination, { ats, connection }: Surroundings): AccessFact[] {
  if (actingUser === null || connection.kind !== 'greenhouse') return [];
  const words = { yes: 'site-admin', no: 'limited', unknown: 'unknown' } as const;
  const states = { yes: 'good', no: 'bad', unknown: 'unknown' } as const;
  const { seesAll } = actingUser;
  return [{ id: 'acting-user', state: states[seesAll], text: say(`server.access.acting-user.${words[seesAll]}`, { ats }) }];
}

function expiryFact({ what, at }: Examination['expiries'][number], ats: string, now: Date): AccessFact {
  const left = Date.parse(at) - now.getTime();
  const time = toWords(at);
  if (what === 'access-token') return { id: 'token', state: 'good', text: say('server.access.token', { time }) };
  if (left <= 0) return { id: 'consent', state: 'bad', text: say('server.access.consent.ended', { ats, time }) };
  const isSoon = left < WARN_BEFORE_MS;
  return {
    id: 'consent',
    state: isSoon ? 'bad' : 'good',
    text: say(isSoon ? 'server.access.consent.soon' : 'server.access.consent.later', { ats, time }),
  };
}

function clockFact({ clockAheadMs }: Heard, ats: string): AccessFact {
  if (clockAheadMs === null) return { id: 'clock', state: 'unknown', text: say('server.access.clock.unknown', { ats }) };
  const seconds = Math.round(Math.abs(clockAheadMs) / 1000);
  if (Math.abs(clockAheadMs) <= CLOCK_TOLERANCE_MS)
    return { id: 'clock', state: 'good', text: say('server.access.clock.right', { ats }) };
  const words = clockAheadMs > 0 ? 'server.access.clock.behind' : 'server.access.clock.ahead';
  return { id: 'clock', state: 'bad', text: say(words, { ats, seconds }) };
}

function allowanceFact(left: AllowanceLeft | null, ats: string): AccessFact {
  if (left === null) return { id: 'allowance', state: 'unknown', text: say('server.access.allowance.unknown', { ats }) };
  const remaining = Math.floor(left.remaining);
  if (left.pausedForMs > 0) {
    const seconds = Math.ceil(left.pausedForMs / 1000);
    return { id: 'allowance', state: 'bad', text: say('server.access.allowance.paused', { ats, seconds }) };
  }
  if (left.kind === 'window') {
    const seconds = Math.ceil(left.resetsInMs / 1000);
    return {
      id: 'allowance',
      state: 'good',
      text: say('server.access.allowance.window', { ats, remaining, limit: left.limit, seconds }),
    };
  }
  const { perSecond } = left;
  return { id: 'allowance', state: 'good', text: say('server.access.allowance.bucket', { ats, remaining, perSecond }) };
}

function publicUrlFact(publicUrl: string | null): AccessFact {
  return publicUrl === null
    ? { id: 'public-url', state: 'bad', text: say('server.access.public-url.missing') }
    : { id: 'public-url', state: 'good', text: say('server.access.public-url.set', { address: publicUrl }) };
}

function webhookFact({ event, required, lastSeenAt, lastTestAt, lastRefusedAt, lastRefusedBecause }: WebhookView): AccessFact {
  const fact = (state: AccessFact['state'], text: string): AccessFact => ({ id: 'webhook', state, text });
  const lastGood =
    [lastSeenAt, lastTestAt]
      .flatMap((at) => at ?? [])
      .toSorted()
      .at(-1) ?? '';
  if (lastRefusedAt !== null && lastRefusedAt > lastGood) {
    const values = { event, time: toWords(lastRefusedAt), because: lastRefusedBecause ?? '' };
    return fact('bad', say('server.access.webhook.refused', values).trim());
  }
  if (lastSeenAt !== null) return fact('good', say('server.access.webhook.seen', { event, time: toWords(lastSeenAt) }));
  if (lastTestAt !== null) return fact('good', say('server.access.webhook.tested', { event, time: toWords(lastTestAt) }));
  return fact(required ? 'bad' : 'unknown', say('server.access.webhook.never', { event }));
}

function trialFact(trial: Examination['trial'], ats: string): AccessFact[] {
  const fact = (state: AccessFact['state'], text: string): AccessFact[] => [{ id: 'trial', state, text }];
  if (trial.state === 'failed')
    return fact('bad', say('server.access.trial.failed', { why: describeFailure(trial.failure, ats) }));
  if (trial.state !== 'done') return [];
  if (trial.left.length === 0) return fact('good', say('server.access.trial.clean'));
  return trial.left.flatMap(({ what, text }) => fact('bad', say(`server.access.trial.left-${what}`, { ats, text })));
}

/** The same for every reader, and sortable: a report is stored, and printed on servers. */
function toWords(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}
