import { isStoreDown } from '../../../server/storage/is-store-down.ts';

/** A database that does not answer on a machine that stands still is not what is looked for here; in earnest the job comes again, too. */
export async function turnTwice<T>(turn: () => Promise<T>): Promise<T> {
  try {
    return await turn();
  } catch (error) {
    if (isStoreDown(error)) return await turn();
    throw error;
  }
}
