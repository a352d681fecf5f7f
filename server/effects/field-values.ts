import type { WriteBack } from '../../lib/contract/settings.ts';
import { type VendorResult, wholePercent } from '../../lib/domain/result.ts';
import type { AtsField, FieldValue } from '../ats/operations.ts';
import { say } from '../say.ts';
import type { FieldPicture } from '../workflow/field-status.ts';

export interface ValuesToWrite {
  values: FieldValue[];
  /** What stands in them, for people: "Assessment status: Scored". */
  shown: string[];
  /** Why a field gets nothing, as sentences; the other one gets its value all the same. */
  troubles: string[];
}

/** What the chosen fields are to hold. A field that is not among `fields` is gone, unless `fallback` says what to take it for. Pure. */
export function fieldValues(
  picture: FieldPicture,
  { statusField, scoreField }: Pick<WriteBack, 'statusField' | 'scoreField'>,
  { fields, fallback }: { fields: readonly AtsField[]; fallback: ((fieldId: string) => AtsField) | null },
): ValuesToWrite {
  const find = (id: string) => fields.find(({ fieldId }) => fieldId === id) ?? fallback?.(id) ?? null;
  const parts: Part[] = [];
  if (statusField) parts.push(partOf(find(statusField), (field) => statusValue(field, picture)));
  if (scoreField && picture.result) parts.push(partOf(find(scoreField), (field) => scoreValue(field, picture, picture.result)));
  return {
    values: parts.flatMap(({ value }) => value ?? []),
    shown: parts.flatMap(({ shown }) => shown ?? []),
    troubles: [...new Set(parts.flatMap(({ trouble }) => trouble ?? []))],
  };
}

interface Part {
  value?: FieldValue;
  shown?: string;
  trouble?: string;
}
/** `undefined`: left as it is. */
type Written = { write: string | number | null; shown: string } | { trouble: string } | undefined;

function partOf(field: AtsField | null, write: (field: AtsField) => Written): Part {
  if (!field) return { trouble: say('server.write-back.field-gone') };
  const written = write(field);
  if (written === undefined) return {};
  if ('trouble' in written) return written;
  const { fieldId, on, name } = field;
  const shown = written.write === null ? say('server.write-back.emptied', { field: name }) : `${name}: ${written.shown}`;
  return { value: { fieldId, on, value: written.write }, shown };
}

function statusValue(field: AtsField, { status }: FieldPicture): Written {
  const words = say(`server.field-status.${status}`);
  if (field.type === 'text') return { write: words, shown: words };
  if (field.type === 'choice') return chosen(field, [words]);
  return { trouble: say('server.write-back.wrong-kind', { field: field.name }) };
}

/**
 * Text says all that a note would. A number or a choice stands alone, so that neither what nobody verified nor what the integrity check
 * flagged is written there: a person is to look first.
 */
function scoreValue(field: AtsField, { hadResult }: FieldPicture, result: VendorResult | null): Written {
  if (!result) return undefined;
  const nothing: Written = hadResult ? { write: null, shown: '' } : undefined;
  const words = scoreWords(result);
  if (field.type === 'text') {
    if (words === null) return nothing;
    const text = withDoubts(words, result);
    return { write: text, shown: text };
  }
  const isDoubtful = !result.verified || result.integrity.status === 'flagged';
  const number = numberOf(result);
  if (field.type === 'number') return number === null || isDoubtful ? nothing : { write: number, shown: String(number) };
  if (field.type === 'choice') {
    if (words === null || isDoubtful) return nothing;
    return chosen(field, [words, result.rating ?? words, String(number ?? words)]);
  }
  return { trouble: say('server.write-back.wrong-kind', { field: field.name }) };
}

/** Percent where the scale has a maximum, so that numbers of several assessments compare; else the score's own unit, as for pass marks. */
function numberOf({ score }: VendorResult): number | null {
  return score && (wholePercent(score) ?? score.value);
}

function scoreWords({ score, rating, verdict }: VendorResult): string | null {
  if (score) return score.max === null ? String(score.value) : say('note.score-of', { value: score.value, max: score.max });
  if (rating) return rating;
  if (verdict === null) return null;
  return verdict === 'up' ? say('note.verdict-up') : say('note.verdict-down');
}

function withDoubts(text: string, { verified, integrity }: VendorResult): string {
  const told = verified ? text : say('server.write-back.unverified', { text });
  return integrity.status === 'flagged' ? say('server.write-back.flagged', { text: told }) : told;
}

/** The first of the names that the field offers, however it is written there. */
function chosen({ name, choices }: AtsField, names: readonly string[]): Written {
  const plain = (text: string) => text.trim().toLocaleLowerCase('en');
  for (const wanted of names) {
    const choice = choices.find((one) => plain(one.name) === plain(wanted));
    if (choice) return { write: choice.choiceId, shown: choice.name };
  }
  const offered = choices.map((choice) => choice.name).join(', ');
  return { trouble: say('server.write-back.no-choice', { field: name, choice: names[0] ?? '', choices: offered }) };
}
