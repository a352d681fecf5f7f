import { randomBytes, randomUUID } from 'node:crypto';

/** The only source of ids and secrets. Passed in, so that tests can be repeated. */
export interface Random {
  uuid(): string;
  /** `bytes` random bytes as URL-safe text; 32 for tokens and webhook addresses. */
  token(bytes: number): string;
}

export const systemRandom: Random = {
  uuid: () => randomUUID(),
  token: (bytes) => randomBytes(bytes).toString('base64url'),
};
