import type { Config } from '../config.ts';
import { loadMasterKeys } from './master-key.ts';
import { tellKeyMark } from './process-name.ts';
import { createSealer, markOf, type Sealer } from './seal.ts';

/** The sealer for the keys that this process was started with; the connections that it opens from now on tell which one it seals with. */
export async function openSealer(config: Pick<Config, 'masterKey' | 'previousMasterKey' | 'dataDir'>): Promise<Sealer> {
  const { current, others } = await loadMasterKeys({
    fromEnvironment: config.masterKey,
    previous: config.previousMasterKey,
    dataDir: config.dataDir,
  });
  tellKeyMark(markOf(current));
  return createSealer(current, others);
}
