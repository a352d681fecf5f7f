import type { ConnectionRow } from './connections.repository.ts';
import { openOrNull, type Sealer } from './seal.ts';
import { SEALED_FOR } from './seal-contexts.ts';

type SealedSecrets = ConnectionRow['secrets'];

/** Seals the secrets of one connection, each bound to it and to its name. */
export function sealConnectionSecrets(sealer: Sealer, connectionId: string, plain: Record<string, string>): SealedSecrets {
  const sealed: SealedSecrets = {};
  for (const [name, secret] of Object.entries(plain)) {
    sealed[name] = { sealed: sealer.seal(secret, SEALED_FOR.connection(connectionId, name)), lastFour: lastFour(secret) };
  }
  return sealed;
}

/** The secrets of one connection, as far as they open with the master key of this process. */
interface OpenedSecrets {
  opened: Record<string, string>;
  /** The names of the rest: they wait for the right key, or to be entered again. */
  locked: string[];
}

/** Throws nothing for one that does not open: after a lost key the others count, and those that were entered again. */
export function openConnectionSecrets(
  sealer: Sealer,
  { id, secrets }: { id: string; secrets: Readonly<Record<string, { sealed: string }>> },
): OpenedSecrets {
  const opened: Record<string, string> = {};
  const locked: string[] = [];
  for (const [name, { sealed }] of Object.entries(secrets)) {
    const secret = openOrNull(sealer, sealed, SEALED_FOR.connection(id, name));
    if (secret === null) locked.push(name);
    else opened[name] = secret;
  }
  return { opened, locked };
}

export function sealWebhookSecret(sealer: Sealer, endpointId: string, secret: string): { sealed: string; lastFour: string } {
  return { sealed: sealer.seal(secret, SEALED_FOR.webhook(endpointId)), lastFour: lastFour(secret) };
}

/** What a webhook may be signed with, as far as it can be read. */
export interface OpenedWebhookSecrets {
  /** Newest first. */
  secrets: string[];
  /** One or more do not open with this master key: a signature that fits none of the others may still be genuine. */
  isLocked: boolean;
}

/**
 * All secrets with which a webhook to this address may be signed, newest first. Coderbyte signs with the API key, so its addresses have
 * none of their own. https://docs.coderbyte.com/reference/completed-assessment
 */
export function openWebhookSecrets(
  sealer: Sealer,
  endpoint: { id: string; secrets: readonly { sealed: string }[] },
  connection: { id: string; kind: string; secrets: Readonly<Record<string, { sealed: string }>> },
): OpenedWebhookSecrets {
  const own = endpoint.secrets.map(({ sealed }) => openOrNull(sealer, sealed, SEALED_FOR.webhook(endpoint.id))).toReversed();
  const key = connection.kind === 'coderbyte' ? connection.secrets.apiKey : undefined;
  const all = key ? [...own, openOrNull(sealer, key.sealed, SEALED_FOR.connection(connection.id, 'apiKey'))] : own;
  const secrets = all.filter((secret) => secret !== null);
  return { secrets, isLocked: secrets.length < all.length };
}

/** Short secrets show nothing: four of eight characters would be half of it. */
function lastFour(secret: string): string {
  return secret.length >= 12 ? secret.slice(-4) : '';
}
