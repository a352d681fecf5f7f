import type { InvitationOrder } from '../port.ts';
import { toLine } from '../to-line.ts';

const MAX_NAME = 100;

/**
 * The candidate as `send_test` takes one; what is not known is null, as the documentation has it. Neither résumé nor telephone number
 * goes out: no test needs them. Names go without links and without HTML, because the partner puts them into an e-mail.
 * https://developers.greenhouse.io/assessment.html#send-test
 *
 * Inferred: candidates of Lever are known by their Lever profile in the field of Greenhouse's; a partner that takes only addresses at
 * Greenhouse says so.
 */
export function toCandidate({ candidateName, email, profileUrl }: InvitationOrder) {
  return {
    ...toNames(candidateName, email),
    preferred_name: null,
    resume_url: null,
    phone_number: null,
    email,
    greenhouse_profile_url: profileUrl,
  };
}

/** Both names are required. Who has one word gets a dash for the other, who has none the first part of the address. */
function toNames(name: string | null, email: string): { first_name: string; last_name: string } {
  const [first = toLine(email.split(/[@+]/)[0], MAX_NAME) ?? '-', ...rest] = toLine(name, 2 * MAX_NAME)?.split(' ') ?? [];
  return {
    first_name: first.slice(0, MAX_NAME).toWellFormed(),
    last_name: rest.join(' ').slice(0, MAX_NAME).toWellFormed().trim() || '-',
  };
}
