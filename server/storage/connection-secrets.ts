import type { ConnectionRow } from './connections.repository.ts';
import type { Sealer } from './seal.ts';

type SealedSecrets = ConnectionRow['secrets'];

/** What a sealed secret belongs to; it opens nowhere else. */
const connectionContext = (connectionId: string, name: string) => `connection:${connectionId}:${name}`;
const webhookContext = (endpointId: string) => `webhook:${endpointId}`;

/** Seals the secrets of one connection, each bound to it and to its name. */
export function sealConnectionSecrets(sealer: Sealer, connectionId: string, plain: Record<string, string>): SealedSecrets {
  const sealed: SealedSecrets = {};
  for (const [name, secret] of Object.entries(plain)) {
    sealed[name] = { sealed: sealer.seal(secret, connectionContext(connectionId, name)), lastFour: lastFour(secret) };
  }
  return sealed;
}

/** For an adapter about to call. Throws when the master key is not the one they were sealed with. */
export function openConnectionSecrets(
  sealer: Sealer,
  { id, secrets }: { id: string; secrets: Readonly<Record<string, { sealed: string }>> },
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(secrets).map(([name, { sealed }]) => [name, sealer.open(sealed, connectionContext(id, name))]),
  );
}

export function sealWebhookSecret(sealer: Sealer, endpointId: string, secret: string): { sealed: string; lastFour: string } {
  return { sealed: sealer.seal(secret, webhookContext(endpointId)), lastFour: lastFour(secret) };
}

/**
 * All secrets with which a webhook to this address may be signed, newest first. Coderbyte signs with the API key, so its addresses have
 * none of their own. https://docs.coderbyte.com/reference/completed-assessment
 */
export function openWebhookSecrets(
  sealer: Sealer,
  endpoint: { id: string; secrets: readonly { sealed: string }[] },
  connection: { id: string; kind: string; secrets: Readonly<Record<string, { sealed: string }>> },
): string[] {
  const own = endpoint.secrets.map(({ sealed }) => sealer.open(sealed, webhookContext(endpoint.id))).toReversed();
  const { apiKey } = connection.kind === 'coderbyte' ? openConnectionSecrets(sealer, connection) : {};
  return apiKey === undefined ? own : [...own, apiKey];
}

/** Short secrets show nothing: four of eight characters would be half of it. */
function lastFour(secret: string): string {
  return secret.length >= 12 ? secret.slice(-4) : '';
}
