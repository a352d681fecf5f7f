interface Replaceable {
  replacedAt?: string;
  /** For one that an admin replaced: until then, whatever is signed with the new one. */
  acceptedUntil?: string;
}

const LIVES_ON_MS = 24 * 60 * 60_000;

/** Those with which a webhook may be signed now: one that was replaced counts for one more day, or as long as is said of it. Pure. */
export function liveSecrets<Secret extends Replaceable>(secrets: readonly Secret[], now: Date): readonly Secret[] {
  if (!hasReplaced(secrets)) return secrets;
  return secrets.filter(({ replacedAt, acceptedUntil }) => {
    if (acceptedUntil) return now.getTime() < Date.parse(acceptedUntil);
    return !replacedAt || now.getTime() - Date.parse(replacedAt) < LIVES_ON_MS;
  });
}

/** Hardly ever: some have been replaced, or count until a time of their own. */
export function hasReplaced(secrets: readonly Replaceable[]): boolean {
  return secrets.some(({ replacedAt, acceptedUntil }) => Boolean(replacedAt || acceptedUntil));
}

/** Those that none has taken the place of. */
export function currentSecrets<Secret extends Replaceable>(secrets: readonly Secret[]): Secret[] {
  return secrets.filter(({ replacedAt }) => !replacedAt);
}

/** What is left once the new one is known to be in use: what counts until a time of its own stays until then. */
export function withoutReplaced<Secret extends Replaceable>(secrets: readonly Secret[]): Secret[] {
  return secrets.filter(({ replacedAt, acceptedUntil }) => !replacedAt || acceptedUntil);
}
