import { REDIRECT_URI, registerLeverApp } from '../support/consented-lever.ts';
import { createMemoryTokenStore } from '../support/memory-token-store.ts';
import { describeAtsContract } from './ats-contract.ts';
import { createLeverSubject } from './lever-subject.ts';

describeAtsContract('lever', () =>
  createLeverSubject(async (at) => {
    const registered = registerLeverApp({ ...at, store: createMemoryTokenStore() });
    const finished = await registered.consent.finish({ code: await registered.sayYes(), redirectUri: REDIRECT_URI });
    if (!finished.ok) throw new Error(finished.detail);
    return registered.newProcess();
  }),
);
