import type { World } from '../world/world.ts';

/** Who does something: a person in Greenhouse's own pages, or a token. */
export interface Actor {
  kind: 'person' | 'api';
  name: string;
  userId: number | null;
}

export const SOMEBODY: Actor = { kind: 'person', name: 'Somebody at the company', userId: null };

/** Sends the webhook, unless this company's Greenhouse is one that keeps silent about what the API did. */
export function announce(world: World, by: Actor, action: string, payload: Record<string, unknown>): void {
  if (by.kind === 'api' && !world.settings.apiSendsWebhooks) return;
  world.send(action, payload);
}

/** Adds a line to the profile's activity feed, and dates the candidate's and the application's last activity. */
export function remember(
  world: World,
  by: Actor,
  about: { candidateId: number; applicationId: number | null },
  text: string,
): void {
  world.activities.add({ ...about, text, by: by.name });
  const lastActivityAt = world.now().toISOString();
  const candidate = world.candidates.find(about.candidateId);
  if (candidate) world.candidates.change(candidate, { lastActivityAt });
  const application = world.applications.find(about.applicationId);
  if (application) world.applications.change(application, { lastActivityAt });
}
