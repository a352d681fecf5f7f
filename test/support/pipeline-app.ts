import type { MemberRole } from '../../lib/domain/member.ts';
import { createApp } from '../../server/http/app.ts';
import type { App } from '../../server/http/app-env.ts';
import type { HttpParts } from '../../server/http/http-parts.ts';
import { issueCode } from '../../server/http/issue-code.ts';
import { redeemCode } from '../../server/http/redeem-code.ts';
import type { Pipeline } from './pipeline.ts';

/** The HTTP side of a pipeline, with the routes that `extra` adds; those of the set-up have nothing behind them. */
export async function openPipelineApp(p: Pipeline, role: MemberRole, extra: (app: App) => void) {
  const app = createApp(p.services, {} as HttpParts, extra);
  const { shown } = await issueCode(p.db, p.services, { role, note: '', createdBy: null });
  const came = await redeemCode(p.services, { typed: shown, name: 'Ada', device: 'Chrome on Linux', origin: null });
  if (came.kind !== 'welcome') throw new Error(`The code was refused: ${came.kind}`);
  return async (method: string, path: string, body?: unknown) => {
    const answer = await app.request(path, {
      method,
      headers: { authorization: `Bearer ${came.token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as unknown };
  };
}
