interface Replaceable {
  replacedAt?: string;
}

const LIVES_ON_MS = 24 * 60 * 60_000;

/** Those with which a webhook may be signed now: a token that was replaced counts for one more day. Pure. */
export function liveSecrets<Secret extends Replaceable>(secrets: readonly Secret[], now: Date): Secret[] {
  return secrets.filter(({ replacedAt }) => !replacedAt || now.getTime() - Date.parse(replacedAt) < LIVES_ON_MS);
}

/** Those that none has taken the place of. */
export function currentSecrets<Secret extends Replaceable>(secrets: readonly Secret[]): Secret[] {
  return secrets.filter(({ replacedAt }) => !replacedAt);
}
