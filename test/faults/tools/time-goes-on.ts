import type { Cast } from '../histories/cast.ts';
import type { CrowdOffice } from './crowd-office.ts';
import type { MailBag } from './mail-bag.ts';
import type { Shift } from './shift.ts';

/** Lets so many seconds pass, one after another; after each of them what the ATSs sent arrives at once, and all that is due is done. */
export function createTimeGoesOn<Owner>(
  { clock }: CrowdOffice,
  { cast, bag, shift }: { cast: Pick<Cast, 'standAll'>; bag: MailBag<Owner>; shift: Shift },
): (...passes: number[]) => Promise<void> {
  return async (...passes) => {
    for (const seconds of passes) {
      clock.pass(seconds);
      cast.standAll();
      await bag.deliver(() => 'now');
      await shift.work();
    }
  };
}
