import type { AtsKind } from '../../lib/domain/ats.ts';
import type { EffectKind } from '../workflow/effect.ts';
import type { ErasureSubject } from './erasure-subject.ts';
import type { ErasureRequest } from './request-erasure.ts';

const ATS_WRITES = [
  'write-note',
  'add-tag',
  'write-fields',
  'add-link',
  'attach-report',
  'write-feedback',
] as const satisfies readonly EffectKind[];
export type AtsWriteKind = (typeof ATS_WRITES)[number];

const NOTHING: ReadonlySet<AtsWriteKind> = new Set();
const OF_THE_PERSON: ReadonlySet<AtsWriteKind> = new Set(ATS_WRITES);
/** Links live on the contact, for all opportunities: https://hire.lever.co/developer/documentation#update-contact-links-by-opportunity */
const OF_THE_OPPORTUNITY: ReadonlySet<AtsWriteKind> = new Set(ATS_WRITES.filter((kind) => kind !== 'add-link'));

/**
 * Which of our writes went with what the ATS deleted. At Greenhouse they hang on the person, so that they go with the person alone: tags have
 * no other place, and notes are made under the person. Lever keeps all but links under the opportunity. Inferred from where each is written:
 * neither ATS tells what becomes of it, so what may have stayed counts as there. An erasure that only follows from an earlier one has that
 * one's word, but its application was not deleted; at Greenhouse, where alone that happens, no gone person is named by it.
 */
export function goneThere(
  ats: AtsKind | undefined,
  { askedBy }: Pick<ErasureRequest, 'askedBy'>,
  { goneCandidateIds }: Pick<ErasureSubject, 'goneCandidateIds'>,
): ReadonlySet<AtsWriteKind> {
  if (askedBy !== 'ats-deleted') return NOTHING;
  if (ats === 'lever') return OF_THE_OPPORTUNITY;
  return goneCandidateIds.length > 0 ? OF_THE_PERSON : NOTHING;
}
