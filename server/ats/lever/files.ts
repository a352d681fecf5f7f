import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { AtsFile } from '../operations.ts';
import type { WriteTarget } from '../port.ts';
import { requireAuthor } from './author.ts';
import type { LeverClient } from './client.ts';
import { mapped, refused } from './results.ts';
import { leverFileSchema, leverMadeSchema } from './schemas.ts';

/** https://hire.lever.co/developer/documentation#upload-a-single-file */
const MAX_BYTES = 30 * 1024 * 1024;

/** https://hire.lever.co/developer/documentation#list-all-files ; Inferred: the ending may stand apart from the name. */
export async function findFile(
  client: LeverClient,
  target: WriteTarget,
  fileName: string,
): Promise<CallResult<'found' | 'absent' | 'cannot-look'>> {
  const files = await client.list(['opportunities', target.applicationId, 'files'], {}, leverFileSchema);
  if (!files.ok) return files.kind === 'forbidden' ? succeed('cannot-look') : files;
  const isIt = ({ name, ext }: { name: string; ext: string }) =>
    [name, `${name}${ext}`, `${name}.${ext}`].some((full) => full === fileName);
  return succeed(files.value.some(isIt) ? 'found' : 'absent');
}

/** https://hire.lever.co/developer/documentation#upload-a-single-file ; Lever asks for a user in whose name it is. */
export async function attachFile(
  client: LeverClient,
  target: WriteTarget,
  performAs: string,
  file: AtsFile,
): Promise<CallResult<{ fileId: string | null }>> {
  if (file.bytes.byteLength > MAX_BYTES) return refused('Lever takes files up to 30 MB.', 413);
  const actor = requireAuthor(target, performAs);
  if (!actor.ok) return actor;
  const { name, contentType, bytes } = file;
  const part = { part: 'file', fileName: name, contentType, bytes };
  const made = await client.write('POST', ['opportunities', target.applicationId, 'files'], { file: part }, actor.value);
  return mapped(made, (value) => ({ fileId: leverMadeSchema.safeParse(value).data?.id ?? null }));
}
