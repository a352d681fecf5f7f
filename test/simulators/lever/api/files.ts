import { Hono } from 'hono';
import type { LeverFile } from '../types.ts';
import type { LeverApi, LeverApiEnv } from './api-env.ts';
import { badRequest, notFound } from './api-error.ts';
import { permit } from './authenticate.ts';
import { getOpportunity, readActor } from './find-visible.ts';

const TYPES = ['docx', 'doc', 'js', 'jpg', 'png', 'pdf', 'txt'];
const MAX_BYTES = 30 * 1024 * 1024;

/** `/opportunities/:opportunity/files`: multipart, up to 30 MB, a few types only. */
export function fileRoutes(api: LeverApi): Hono<LeverApiEnv> {
  const { account, random, nowMs } = api;
  const app = new Hono<LeverApiEnv>();
  const getFile = (opportunityId: string, id: string): LeverFile => {
    const file = account.files.get(id);
    if (file?.opportunityId !== opportunityId) throw notFound('files', id);
    return file;
  };

  app.get('/', permit('files:read'), (c) => {
    const { id } = getOpportunity(api, c);
    const files = [...account.files.values()].filter(({ opportunityId }) => opportunityId === id);
    return c.json({ data: files.map((file) => toFile(api, file)), hasNext: false });
  });
  app.get('/:file', permit('files:read'), (c) => {
    return c.json({ data: toFile(api, getFile(getOpportunity(api, c).id, c.req.param('file'))) });
  });
  app.get('/:file/download', permit('files:read'), (c) => {
    const { bytes } = getFile(getOpportunity(api, c).id, c.req.param('file'));
    return c.body(bytes, 200, { 'content-type': 'application/octet-stream' });
  });

  app.post('/', permit('files:write'), async (c) => {
    const opportunity = getOpportunity(api, c);
    readActor(api, c, { required: true });
    const { file, ...others } = await c.req.parseBody({ all: true });
    const unknown = Object.keys(others)[0];
    if (unknown !== undefined) throw badRequest(`Unknown part ${unknown}`);
    if (!(file instanceof File)) throw badRequest('The part "file" is missing');
    const ext = file.name.split('.').at(-1)?.toLowerCase() ?? '';
    if (file.size === 0) throw badRequest('The file is empty');
    if (!TYPES.includes(ext)) throw badRequest(`Files of the type ${ext} are not accepted`);
    if (file.size > MAX_BYTES) throw badRequest('The file is larger than 30 MB');
    const stored: LeverFile = {
      id: random.uuid(),
      opportunityId: opportunity.id,
      name: file.name,
      ext,
      bytes: new Uint8Array(await file.arrayBuffer()),
      uploadedAt: nowMs(),
    };
    account.files.set(stored.id, stored);
    return c.json({ data: toFile(api, stored) }, 201);
  });

  app.delete('/:file', permit('files:write'), (c) => {
    readActor(api, c, { required: true });
    account.files.delete(getFile(getOpportunity(api, c).id, c.req.param('file')).id);
    return c.body(null, 204);
  });
  return app;
}

/** Times and sizes of files are text in the documentation's examples, unlike everywhere else. */
function toFile({ pagesOrigin }: LeverApi, { id, opportunityId, name, ext, bytes, uploadedAt }: LeverFile) {
  const downloadUrl = `${pagesOrigin}/candidates/${opportunityId}/files/${id}/download`;
  return { id, downloadUrl, name, ext, size: String(bytes.length), uploadedAt: String(uploadedAt), status: 'processed' };
}
