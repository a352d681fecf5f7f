import { z } from '@hono/zod-openapi';

/** `{id}` in a path: always one of our own rows. */
export const idParams = z.object({ id: z.guid() });
