import type { Invitation } from '../../../lib/domain/invitation.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { ReportFile } from '../operations.ts';
import { candidatesOf, type HackerrankApi, unreadable } from './api.ts';
import { idOf } from './locate.ts';
import { fileAddressSchema } from './schemas.ts';

/**
 * "Get report pdf": 503 means later. Inferred: asked without `format` it is the file itself; where that is refused, or an address is
 * answered, the file is fetched from there.
 */
export async function readReportFileOfTest(api: HackerrankApi, invitation: Invitation): Promise<CallResult<ReportFile | null>> {
  const id = await idOf(api, invitation);
  if (!id.ok) return id.kind === 'not-found' ? succeed(null) : id;
  const path = [...candidatesOf(invitation.assessmentExternalId), id.value, 'pdf'];
  const plain = await api.client.call(path, { method: 'GET', answerAs: 'bytes' });
  const answer = !plain.ok && plain.kind === 'refused' ? await api.client.call(path, ASKING_FOR_ADDRESS) : plain;
  if (!answer.ok) return answer.kind === 'not-found' ? succeed(null) : answer;
  const bytes = await toFile(api, answer.value);
  return bytes.ok ? succeed({ name: `report-${id.value}.pdf`, bytes: bytes.value }) : bytes;
}

const ASKING_FOR_ADDRESS = { method: 'GET', query: { format: 'url' }, answerAs: 'bytes' } as const;

async function toFile({ client }: HackerrankApi, body: unknown): Promise<CallResult<Uint8Array>> {
  if (!(body instanceof Uint8Array)) return unreadable('The report could not be read.');
  if (Buffer.from(body.subarray(0, 1024)).includes('%PDF-')) return succeed(body);
  const address = fileAddressSchema.safeParse(parse(body)).data;
  return address === undefined ? unreadable('HackerRank answered with no PDF.') : await client.download(address);
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
