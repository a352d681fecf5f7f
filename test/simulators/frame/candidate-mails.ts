import type { Journal } from './journal.ts';

/** What a vendor wrote to a candidate by itself. Nothing is sent: it lies here and in the journal. */
export interface CandidateMail {
  at: string;
  to: string;
  what: string;
  subject: string;
  message: string | null;
  links: string[];
}

/** The letters of one vendor, oldest first. */
export function createCandidateMails({ simulator, journal, now }: { simulator: string; journal: Journal; now: () => Date }) {
  const mails: CandidateMail[] = [];
  return {
    list: (): readonly CandidateMail[] => mails,
    send(mail: Omit<CandidateMail, 'at'>): void {
      mails.push({ ...mail, at: now().toISOString() });
      const { what, ...detail } = mail;
      journal.add({ simulator, kind: 'mail', what, status: null, detail });
    },
  };
}

export type CandidateMails = ReturnType<typeof createCandidateMails>;
