import type { z } from 'zod';
import { type AssessmentView, assessmentInputSchema, type ConnectionView } from '../../lib/contract/settings.ts';
import { t } from '../ui/t.ts';

export type AssessmentInput = z.infer<typeof assessmentInputSchema>;

/** An assessment as a form holds it: all text, as it is typed. */
export type AssessmentValues = Record<keyof AssessmentInput, string>;

export const HANDOVERS = ['vendor e-mail', 'our e-mail', 'copy link'] as const;

/** A new one, at a vendor that is there already. */
export function newAssessment(vendor: ConnectionView | undefined): AssessmentValues {
  const handover = vendor && !needsLink(vendor) ? 'vendor e-mail' : 'our e-mail';
  return {
    vendorConnectionId: vendor?.id ?? '',
    externalId: '',
    name: '',
    kind: 'test',
    durationMinutes: '',
    tag: '',
    passMark: '',
    deadlineDays: '7',
    remindDays: '',
    linkTemplate: '',
    linkFrom: 'template',
    handover,
  };
}

export function toAssessmentValues(assessment: AssessmentView): AssessmentValues {
  const { vendorConnectionId, externalId, name, kind, tag, handover, linkTemplate, linkFrom } = assessment;
  return {
    vendorConnectionId,
    externalId,
    name,
    kind,
    tag,
    handover,
    linkTemplate: linkTemplate ?? '',
    linkFrom,
    durationMinutes: assessment.durationMinutes?.toString() ?? '',
    passMark: assessment.passMark?.toString() ?? '',
    deadlineDays: assessment.deadlineDays.toString(),
    remindDays: assessment.remindDays.join(', '),
  };
}

/** True where the vendor is sent as a link: it has no API, or nobody has said yet how its API invites. */
export function needsLink({ settings }: ConnectionView): boolean {
  if (settings.kind === 'coderbyte') return settings.map.endpoints.invite === undefined;
  return settings.kind === 'byteboard';
}

/**
 * Who may hand it over there: nobody but us what goes out as a link, and nobody but the vendor what has none that we could know. Of a live
 * interview CodeSignal writes nothing, and neither does Coderbyte of one that goes out as a link.
 */
export function canHandOver(
  vendor: ConnectionView | undefined,
  { kind, linkTemplate }: Pick<AssessmentValues, 'kind' | 'linkTemplate'>,
  handover: (typeof HANDOVERS)[number],
): boolean {
  if (!vendor) return true;
  if (vendor.kind === 'partner') return handover === 'vendor e-mail';
  if (handover !== 'vendor e-mail') return true;
  const isInterview = kind === 'live interview';
  if (vendor.kind === 'codesignal' && isInterview) return false;
  if (vendor.kind === 'coderbyte' && isInterview && linkTemplate.trim() !== '') return false;
  return !needsLink(vendor);
}

/** What is changed, and with it how it is handed over, where that is not possible any more. */
export function withPossibleHandover(
  vendor: ConnectionView | undefined,
  values: AssessmentValues,
  part: Partial<AssessmentValues>,
): Partial<AssessmentValues> {
  const after = { ...values, ...part };
  const possible = HANDOVERS.filter((handover) => canHandOver(vendor, after, handover));
  const [first] = possible;
  return first === undefined || possible.some((handover) => handover === after.handover) ? part : { ...part, handover: first };
}

/** Link vendors have no ids of their own: there the assessment's name is its id. */
export function hasOwnIds({ kind }: ConnectionView): boolean {
  return kind !== 'byteboard';
}

/** Each candidate gets a one-time link; what was typed as a template does not count. */
function isPooled({ linkFrom }: AssessmentValues, vendor: ConnectionView | undefined): boolean {
  return linkFrom === 'pool' && vendor !== undefined && needsLink(vendor);
}

type Problems = Partial<Record<keyof AssessmentValues, string>>;

/** What is wrong with each field, as sentences. The server looks at the link's gaps. */
export function checkAssessment(values: AssessmentValues, vendor: ConnectionView | undefined): Problems {
  const problems: Problems = {};
  const need = (name: keyof AssessmentValues) => {
    if (!values[name].trim()) problems[name] = t('admin.problem.needed');
  };
  need('vendorConnectionId');
  need('name');
  need('tag');
  if (vendor && hasOwnIds(vendor)) need('externalId');
  if (vendor && needsLink(vendor) && values.linkFrom === 'template') need('linkTemplate');
  const link = isPooled(values, vendor) ? '' : values.linkTemplate.trim();
  if (link && !/^https:\/\/[^/{}]+/.test(link)) problems.linkTemplate = t('admin.problem.https');
  if (!isWhole(values.durationMinutes, 1, 10_000, true)) problems.durationMinutes = t('admin.problem.wholeFrom1', 10_000);
  if (!isWhole(values.deadlineDays, 1, 90, false)) problems.deadlineDays = t('admin.problem.wholeFrom1', 90);
  if (toDays(values.remindDays) === null) problems.remindDays = t('admin.assessments.remindDaysProblem');
  if (!/^(\d+([.,]\d+)?)?$/.test(values.passMark.trim())) problems.passMark = t('admin.problem.number');
  return problems;
}

/** To be called when checkAssessment finds nothing. @throws ZodError */
export function toAssessmentInput(values: AssessmentValues, vendor: ConnectionView | undefined): AssessmentInput {
  const { passMark, linkTemplate, durationMinutes, deadlineDays, remindDays, externalId, ...rest } = values;
  return assessmentInputSchema.parse({
    ...rest,
    externalId: vendor && !hasOwnIds(vendor) && !externalId ? values.name : externalId,
    linkFrom: isPooled(values, vendor) ? 'pool' : 'template',
    linkTemplate: isPooled(values, vendor) ? null : linkTemplate.trim() || null,
    durationMinutes: toNumber(durationMinutes),
    deadlineDays: toNumber(deadlineDays),
    remindDays: toDays(remindDays) ?? [],
    passMark: toNumber(passMark.replace(',', '.')),
  });
}

/** "5, 2" as it is typed; null when it is not up to three whole days. */
function toDays(text: string): number[] | null {
  const days = text.split(/[\s,;]+/).filter(Boolean);
  const isGood = days.length <= 3 && days.every((day) => isWhole(day, 1, 60, false));
  return isGood ? days.map(Number) : null;
}

function toNumber(text: string): number | null {
  return text.trim() === '' ? null : Number(text);
}

function isWhole(text: string, least: number, most: number, mayBeEmpty: boolean): boolean {
  if (text.trim() === '') return mayBeEmpty;
  return /^\d+$/.test(text.trim()) && Number(text) >= least && Number(text) <= most;
}
