import { PATHS } from '../../lib/contract/paths.ts';
import {
  type AssessmentView,
  assessmentViewSchema,
  type ConnectionSettingsInput,
  type ConnectionView,
  checkAnswerSchema,
  connectionViewSchema,
} from '../../lib/contract/settings.ts';
import type { TestServer } from './test-server.ts';

type OutcomeWords = Extract<ConnectionSettingsInput, { kind: 'hackerrank' }>['outcomeWords'];

/** HackerRank of the world, connected as an admin does it, with one test that HackerRank itself sends by e-mail. */
export async function connectHackerrank(server: Pick<TestServer, 'company' | 'world'>, outcomeWords?: OutcomeWords) {
  const { world, company } = server;
  const { hackerrank, seeds, urls } = world;
  const apiUrl = urls.vendorApis.hackerrank;
  if (!hackerrank || !seeds.hackerrank || !apiUrl) throw new Error('a world without HackerRank');
  const tests = seeds.hackerrank;
  const connection: ConnectionView = await company.api.call(connectionViewSchema, 'POST', PATHS.connections, {
    name: 'HackerRank of Northwind',
    settings: { kind: 'hackerrank', apiUrl, outcomeWords },
    secrets: { apiKey: hackerrank.apiKey() },
  });
  const check = await company.api.call(checkAnswerSchema, 'POST', PATHS.connectionCheck.replace('{id}', connection.id), {});
  if (!check.ok) throw new Error(check.message);
  const assessment: AssessmentView = await company.api.call(assessmentViewSchema, 'POST', PATHS.assessments, {
    vendorConnectionId: connection.id,
    externalId: tests.backend,
    name: 'Backend engineer',
    tag: 'Backend test',
    handover: 'vendor e-mail',
  });
  const candidatesOf = (email: string) => hackerrank.candidates().filter((one) => one.email === email);
  const last = (email: string) => {
    const candidate = candidatesOf(email).at(-1);
    if (!candidate) throw new Error(`HackerRank does not know ${email}`);
    return candidate;
  };
  return { hackerrank, tests, connection, assessment, candidatesOf, last };
}
