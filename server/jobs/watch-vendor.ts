import type { CallFailure, CallResult } from '../outbound/outcome.ts';
import { unexplained } from '../outbound/unexplained.ts';
import { say } from '../say.ts';
import type { InvitationReceipt, VendorAdapter } from '../vendors/port.ts';

/** What is shown of a vendor's connection, as one of its calls found it last; null: nothing is wrong. */
export interface ShownTrouble {
  trouble: string | null;
}

export interface WatchMeans {
  /** As people call the vendor. */
  name: string;
  /** Read by whoever hands out the adapter, each time; changed by what is learned here. */
  shown: ShownTrouble;
  nowMs(): number;
  /** Stores what is to be shown from now on. Called only when that differs from what is shown. Does not throw. */
  note(trouble: string | null): Promise<void>;
}

/** After a 403 the account is asked at most so often; many people without one right must not double the calls. */
const ASK_AGAIN_AFTER_MS = 60_000;

/**
 * The same adapter, of which every call tells what it learned about the credential. A refused key (401) is shown at once. A missing right
 * (403) may be about one object alone, so the account is asked first, and what it says is shown. A call that was answered clears what a
 * call or a check had found; only "a right is missing" waits for the account to say so itself.
 *
 * Not listened to: `check`, whose caller stores the answer, and what may succeed without a call (a link, a deadline that only we keep).
 */
export function watchVendor(adapter: VendorAdapter, means: WatchMeans): VendorAdapter {
  const listen = listenTo(adapter, means);
  const heard =
    <Args extends unknown[], T>(call: (...args: Args) => Promise<CallResult<T>>, wasAsked: (value: T) => boolean = () => true) =>
    async (...args: Args): Promise<CallResult<T>> => {
      const result = await call(...args);
      if (!result.ok || wasAsked(result.value)) await listen(result);
      return result;
    };
  const { operations } = adapter;
  const { resend, giveExtraTime, findInvitations, tellOutcome, extend, readReportFile } = operations;
  return {
    ...adapter,
    listAssessments: heard(adapter.listAssessments),
    invite: heard(adapter.invite, isMadeByVendor),
    findInvitation: heard(adapter.findInvitation),
    cancel: heard(adapter.cancel),
    readReport: heard(adapter.readReport),
    operations: {
      ...operations,
      ...(resend && { resend: heard(resend) }),
      ...(giveExtraTime && { giveExtraTime: heard(giveExtraTime) }),
      ...(findInvitations && { findInvitations: heard(findInvitations) }),
      ...(tellOutcome && { tellOutcome: heard(tellOutcome) }),
      ...(extend && { extend: heard(extend, () => false) }),
      ...(readReportFile && { readReportFile: heard(readReportFile, (file) => file !== null) }),
    },
  };
}

/** What the vendor says of the credential as a sentence; null for what says nothing about it. */
export function credentialWords(failure: CallFailure, name: string): string | null {
  if (failure.kind === 'unauthorised') return say('server.check.unauthorised', { name });
  if (failure.kind !== 'forbidden') return null;
  if (unexplained(failure) === 'silent') return say('server.check.no-use-silently', { name });
  return say('server.check.no-use', { name, detail: failure.right ?? failure.detail });
}

function listenTo(adapter: VendorAdapter, { name, shown, nowMs, note }: WatchMeans) {
  let askAgainAt = Number.NEGATIVE_INFINITY;
  const show = async (trouble: string | null) => {
    if (trouble !== shown.trouble) await note(trouble);
  };
  const askAccount = async () => {
    if (nowMs() < askAgainAt) return;
    askAgainAt = nowMs() + ASK_AGAIN_AFTER_MS;
    const asked = await adapter.check();
    if (!asked.ok) {
      const words = credentialWords(asked, name);
      if (words !== null) await show(words);
    } else if (asked.value.asked !== false) await show(null);
  };
  return async (result: CallResult<unknown>) => {
    if (result.ok) {
      if (shown.trouble === null) return;
      await (isAboutAccess(shown.trouble, name) ? askAccount() : show(null));
    } else if (result.kind === 'unauthorised') await show(credentialWords(result, name));
    else if (result.kind === 'forbidden') await askAccount();
  };
}

/** By its words: what stands before the vendor's own. A sentence of another time or tongue is cleared by the next answer. */
function isAboutAccess(trouble: string, name: string): boolean {
  return (
    trouble.startsWith(say('server.check.no-use', { name, detail: '' }).trim()) ||
    trouble === say('server.check.no-use-silently', { name })
  );
}

/** A link that we filled in ourselves proves nothing. */
function isMadeByVendor({ externalId, emailedBy }: InvitationReceipt): boolean {
  return externalId !== null || emailedBy === 'vendor';
}
