import { createRoute } from '@hono/zod-openapi';
import { PATHS } from '../../lib/contract/paths.ts';
import { type TryEndpointAnswer, tryEndpointAnswerSchema, tryEndpointSchema } from '../../lib/contract/settings.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import type { Trial, TriedField } from '../vendors/endpoint-trial.ts';
import { json, jsonBody, refusals } from './answers.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';
import { auditAct } from './audited.ts';
import { describeFailure } from './describe-failure.ts';
import type { HttpParts } from './http-parts.ts';
import { idParams } from './id-params.ts';
import { connectionName } from './kind-name.ts';
import { needs } from './needs.ts';
import { getConnection } from './read-connections.ts';

const attempt = createRoute({
  method: 'post',
  path: PATHS.tryEndpoint,
  summary: 'Try one endpoint of a saved map: reads are carried out, everything else is only shown',
  ...needs('admin'),
  request: { params: idParams, body: jsonBody(tryEndpointSchema) },
  responses: {
    200: json(tryEndpointAnswerSchema, 'What was asked and what was read from the answer; never the key'),
    ...refusals,
  },
});

/** For an admin who enters the paths of a vendor whose API is not public. */
export function addTryEndpointRoutes(app: App, services: Services, parts: Pick<HttpParts, 'connectVendor'>): void {
  app.openapi(attempt, async (c) => {
    const { id } = c.req.valid('param');
    const row = await getConnection(services.db, id, 'vendor');
    const name = connectionName(row.settings);
    const { trial } = await parts.connectVendor(id);
    if (!trial) throw new ApiError('invalid', { message: say('server.try.no-map', { name }) });
    const answer = toAnswer(await trial.tryEndpoint(c.req.valid('json')), name);
    const after = { sent: answer.sent, ok: answer.ok };
    await auditAct(services, c.get('member'), { action: 'connection.tried', connectionId: id, detail: { after } });
    return c.json(answer, 200);
  });
}

function toAnswer(tried: Trial, name: string): TryEndpointAnswer {
  const { request } = tried;
  const fields = tried.fields.map(({ field, value, from }) => ({ field, value: toText(value), from }));
  const shared = { request, fields, count: null };
  switch (tried.kind) {
    case 'shown':
      return { ...shared, sent: false, ok: true, status: null, message: say('server.try.shown') };
    case 'list': {
      const { status, count, rows } = tried;
      const message = say(count < rows ? 'server.try.list-partly' : 'server.try.list', { count, rows });
      return { ...shared, sent: true, ok: count > 0 || rows === 0, status, count, message };
    }
    case 'report':
      return {
        ...shared,
        sent: true,
        ok: true,
        status: tried.status,
        message: say('server.try.report', { state: say(`server.try.state.${tried.state}`) }),
      };
    case 'refused': {
      const { sent, status, failure } = tried;
      const isAboutMap = failure.kind === 'unreadable' || failure.kind === 'misconfigured';
      const message = isAboutMap ? say('server.try.unreadable', { detail: failure.detail }) : describeFailure(failure, name);
      return { ...shared, sent, ok: false, status, message };
    }
  }
}

function toText(value: TriedField['value']): string | null {
  return typeof value === 'object' && value !== null ? say('server.try.entries', { count: value.entries }) : value;
}
