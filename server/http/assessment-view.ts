import type { AssessmentView } from '../../lib/contract/settings.ts';
import { type Assessment, vendorNameOfAssessment } from '../../lib/domain/assessment.ts';
import { say } from '../say.ts';
import type { ConnectionRow } from '../storage/connections.repository.ts';
import type { PoolCount } from '../storage/pool-links.repository.ts';
import { canHandOver } from '../vendors/can-hand-over.ts';
import type { VendorAdapter } from '../vendors/port.ts';
import { handoverWords } from './handover-words.ts';

export interface AssessmentSurroundings {
  /** Null: the vendor's connection was deleted. */
  connection: ConnectionRow | null;
  /** The vendor as it is set up now, or why it cannot be used. */
  vendor:
    | { ok: true; adapter: Pick<VendorAdapter, 'kind' | 'capabilities' | 'emailedByFor'> }
    | { ok: false; message: string }
    | null;
  mailIsSetUp: boolean;
  /** The one-time links that are there; null when none were ever put in. */
  pool: PoolCount | null;
  /** The vendor lists what it offers, and this has never been in the list. */
  isUnlisted: boolean;
}

/** Fewer free links than this, and an admin hears of it while there is still time. */
const FEW_LINKS = 5;

/** An assessment as an admin sees it, with what keeps it from being sent as sentences. */
export function toAssessmentView(
  { vendor, vendorName: brand, ...assessment }: Assessment,
  around: AssessmentSurroundings,
): AssessmentView {
  const vendorName = around.connection?.name ?? '';
  const isPooled = takesFromPool(assessment, around);
  return {
    ...assessment,
    vendorName,
    remindDays: assessment.remindDays ?? [],
    linkFrom: isPooled ? 'pool' : 'template',
    links: isPooled ? (around.pool ?? NO_LINKS) : null,
    troubles: assessment.archived
      ? []
      : [...catalogueTroubles({ ...assessment, vendor, vendorName: brand }), ...troublesOf(assessment, around)],
    warnings: assessment.archived
      ? []
      : [
          ...(isPooled ? warningsOf(assessment, around) : []),
          ...unlistedWarnings({ ...assessment, vendor, vendorName: brand }, around),
        ],
  };
}

const NO_LINKS: PoolCount = { free: 0, taken: 0 };

/** One that goes out as a link and has no template. Of a vendor that is not fully set up only links that are there tell it. */
function takesFromPool({ linkTemplate }: Needed, { vendor, pool }: AssessmentSurroundings): boolean {
  return linkTemplate === null && (vendor?.ok ? vendor.adapter.capabilities.invite === 'link' : pool !== null);
}

function warningsOf({ name }: Pick<Assessment, 'name'>, { pool }: AssessmentSurroundings): string[] {
  const free = pool?.free ?? 0;
  return free > 0 && free < FEW_LINKS ? [say('server.links.few', { assessment: name, free: `${free}` })] : [];
}

/** A tag that names what the vendor no longer offers is told before anybody uses it. */
function catalogueTroubles({ catalogueState = null, ...assessment }: Assessment): string[] {
  if (catalogueState === null || catalogueState === 'active') return [];
  return [say(`server.catalogue.${catalogueState}`, { vendor: vendorNameOfAssessment(assessment) })];
}

/** It may be new there, so that it can be sent all the same. What goes out as a link of ours needs no place in any list. */
function unlistedWarnings(assessment: Assessment, { isUnlisted, vendor }: AssessmentSurroundings): string[] {
  const isByApi = vendor?.ok === true && vendor.adapter.capabilities.invite === 'api' && assessment.linkTemplate === null;
  if (!isUnlisted || !isByApi) return [];
  return [say('server.catalogue.unlisted', { vendor: vendorNameOfAssessment(assessment), id: assessment.externalId })];
}

type Needed = Pick<Assessment, 'linkTemplate' | 'handover'>;

function troublesOf(
  assessment: Needed & Pick<Assessment, 'name' | 'externalId' | 'kind'>,
  { connection, vendor, mailIsSetUp, pool }: AssessmentSurroundings,
): string[] {
  const { name, linkTemplate, handover } = assessment;
  const byLink = vendor?.ok && vendor.adapter.capabilities.invite === 'link';
  return [
    ...(vendor && !vendor.ok ? [vendor.message] : []),
    ...(connection && !connection.enabled ? [say('error.connection-off', { connection: connection.name })] : []),
    ...(byLink && linkTemplate === null && !pool?.free ? [say('server.links.none', { assessment: name })] : []),
    ...(vendor?.ok && !canHandOver(vendor.adapter, assessment) ? [handoverWords(assessment, vendor.adapter)] : []),
    ...(byLink && handover === 'our e-mail' && !mailIsSetUp ? [say('server.mail-missing')] : []),
  ];
}
