import { z } from 'zod';
import { PATHS } from '../../lib/contract/paths.ts';
import {
  type AssessmentView,
  assessmentViewSchema,
  type ConnectionView,
  connectionViewSchema,
  webhookViewSchema,
} from '../../lib/contract/settings.ts';
import type { CodesignalSimulator } from '../simulators/codesignal/index.ts';
import type { SeededCodesignal } from '../simulators/codesignal/seed.ts';
import type { TestServer } from './test-server.ts';

export interface ConnectedCodesignal {
  codesignal: CodesignalSimulator;
  tests: SeededCodesignal;
  connection: ConnectionView;
  /** "Software engineer", with CodeSignal's e-mail. */
  assessment: AssessmentView;
  /** Of the simulator's webhook to us. */
  webhookId: number;
  secret: string;
  sessionsOf(email: string): CodesignalSimulator['sessions'] extends () => infer Sessions ? Sessions : never;
  /** Everything that waits has been sent. */
  deliver(): Promise<void>;
}

const MANY = 200;

/** Connects the world's CodeSignal as an admin does: key, a webhook with our secret there, and a test under a tag. */
export async function connectCodesignal(
  server: Pick<TestServer, 'company' | 'world'>,
  change: object = {},
): Promise<ConnectedCodesignal> {
  const { api } = server.company;
  const { codesignal, urls, seeds } = server.world;
  const apiUrl = urls.vendorApis.codesignal;
  if (!codesignal || !apiUrl || !seeds.codesignal) throw new Error('a world without CodeSignal');
  const connection = await api.call(connectionViewSchema, 'POST', PATHS.connections, {
    name: 'CodeSignal of Northwind',
    settings: { kind: 'codesignal', apiUrl, liveInterviews: true, ...change },
    secrets: { apiKey: codesignal.apiKey() },
  });
  const [webhook] = connection.webhooks;
  if (!webhook?.url) throw new Error('CodeSignal has no address to write to');
  const path = PATHS.webhookSecrets.replace('{id}', webhook.id);
  const { secret } = await api.call(z.object({ webhook: webhookViewSchema, secret: z.string() }), 'POST', path, {});
  const { id: webhookId } = await codesignal.play.registerEndpoint({ url: webhook.url, secret });
  const tests = seeds.codesignal;
  const assessment = await api.call(assessmentViewSchema, 'POST', PATHS.assessments, {
    vendorConnectionId: connection.id,
    externalId: tests.backend,
    name: 'Software engineer',
    tag: 'Software engineer',
    handover: 'vendor e-mail',
    passMark: 70,
  });
  return {
    ...{ codesignal, tests, connection, assessment, webhookId, secret },
    sessionsOf: (email) => codesignal.sessions().filter((one) => one.email?.toLowerCase() === email.toLowerCase()),
    async deliver() {
      for (let n = 0; n < MANY; n++) if ((await codesignal.direct.runDue({ all: true })) === 0) return;
      throw new Error('CodeSignal does not come to an end');
    },
  };
}
