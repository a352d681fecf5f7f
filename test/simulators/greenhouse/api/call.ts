import type { Actor } from '../acts/actor.ts';
import type { World } from '../world/world.ts';
import { forbidden } from './errors.ts';
import type { Token } from './tokens.ts';

/** One authenticated call. */
export interface Call {
  world: World;
  token: Token;
  url: URL;
  /** Where the API is as the caller sees it; `Link` headers begin with it. */
  apiUrl: string;
}

export function needScope({ token }: Call, scope: string): void {
  if (!token.credential.scopes.includes(scope)) throw forbidden(`The credential lacks the scope ${scope}`);
}

/** Every read needs a Site Admin. */
export function needSiteAdmin({ token }: Call): void {
  if (!token.user.siteAdmin) throw forbidden('The user is not a Site Admin');
}

/** Inferred: Site Admins write everywhere, Job Admins on their own jobs. */
export function needWriter({ token: { user } }: Call, jobIds: readonly (number | null)[]): void {
  if (user.siteAdmin || jobIds.some((id) => id !== null && user.jobAdminOf.includes(id))) return;
  throw forbidden('The user may not do this');
}

/** False for a private candidate that the caller may not see: for them it does not exist. */
export function seesCandidate({ world, token }: Call, candidateId: number | null): boolean {
  const candidate = world.candidates.find(candidateId);
  return !candidate?.private || token.user.seesPrivate;
}

export function toActor({ token }: Call): Actor {
  return { kind: 'api', name: `${token.user.firstName} ${token.user.lastName}`, userId: token.user.id };
}
