import type { Config } from '../config.ts';
import { loadMasterKeys } from './master-key.ts';
import { createSealer, type Sealer } from './seal.ts';

/** The sealer for the keys that this process was started with. */
export async function openSealer(config: Pick<Config, 'masterKey' | 'previousMasterKey' | 'dataDir'>): Promise<Sealer> {
  const { current, others } = await loadMasterKeys({
    fromEnvironment: config.masterKey,
    previous: config.previousMasterKey,
    dataDir: config.dataDir,
  });
  return createSealer(current, others);
}
