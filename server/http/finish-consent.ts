import { z } from 'zod';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { appendAudit } from '../storage/audit.repository.ts';
import { changeConnection, lookAgainAt } from '../storage/connections.repository.ts';
import { takeOauthState } from '../storage/oauth-states.repository.ts';
import { describeFailure } from './describe-failure.ts';
import type { HttpParts } from './http-parts.ts';
import { kindName } from './kind-name.ts';
import { getConnection } from './read-connections.ts';

export interface FinishedConsent {
  status: 200 | 400;
  message: string;
}

/** `?state=&code=` after a yes, `?state=&error=` after a no: https://hire.lever.co/developer/documentation#authentication */
const querySchema = z.object({
  state: z.string().min(20).max(200),
  code: z.string().min(1).max(4096).optional(),
  error: z.string().optional(),
});

/** What comes of somebody's answer at the ATS, as a sentence for them. The state is used up in every case. */
export async function finishConsent(
  query: unknown,
  { services, parts }: { services: Services; parts: HttpParts },
): Promise<FinishedConsent> {
  const { db, clock } = services;
  const given = querySchema.safeParse(query);
  const asked = given.success ? await takeOauthState(db, { state: given.data.state, now: clock.now() }) : null;
  if (!given.success || !asked) return { status: 400, message: say('server.consent.too-late') };
  const { code } = given.data;
  const { kind } = await getConnection(db, asked.connectionId, 'ats');
  const name = kindName(kind);
  if (code === undefined) return { status: 400, message: say('server.consent.denied', { name }) };
  const consent = await parts.connectConsent(asked.connectionId);
  const finished = await consent.finish({ code, redirectUri: asked.redirectUri });
  if (!finished.ok) return { status: 400, message: say('server.consent.failed', { failure: describeFailure(finished, name) }) };
  const now = clock.now();
  await db.transaction(async (tx) => {
    await changeConnection(tx, asked.connectionId, { trouble: null, checkedAt: null, updatedAt: now });
    await lookAgainAt(tx, { id: asked.connectionId, now });
    const who = { kind: 'member', id: asked.startedBy } as const;
    await appendAudit(tx, services, { who, action: 'consent.given', connectionId: asked.connectionId });
  });
  return { status: 200, message: say('server.consent.given', { name }) };
}
