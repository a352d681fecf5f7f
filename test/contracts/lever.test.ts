import { leverKey } from '../../server/ats/lever/credential.ts';
import { describeAtsContract } from './ats-contract.ts';
import { createLeverSubject } from './lever-subject.ts';

describeAtsContract('lever', () =>
  createLeverSubject(async ({ lever }) => leverKey(lever.play.createKey({ label: 'Tagalong' }).secret)),
);
