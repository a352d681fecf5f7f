import { REASON_CODES, type ReasonCode } from '../../lib/domain/reason.ts';
import en from '../../locales/en.json' with { type: 'json' };
import { type SayKey, say } from '../say.ts';
import { fieldWords, valueWords } from './activity-fields.ts';
import { reasonWords } from './reason-words.ts';

type ActionKey = Extract<SayKey, `server.activity.action.${string}`>;

/** Every action that has words, as it stands in entries. */
export const KNOWN_ACTIONS: readonly string[] = Object.entries(en.server.activity.action).flatMap(([subject, verbs]) =>
  Object.keys(verbs).map((verb) => `${subject}.${verb}`.replaceAll('_', '-')),
);

/** `connection.changed` in words. One that is not known here, of a newer version, is read as it stands. */
export function actionWords(action: string): string {
  if (KNOWN_ACTIONS.includes(action)) return say(`server.activity.action.${action}` as ActionKey);
  const words = action.replaceAll(/[.-]/g, ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** Why, as kept with an entry: reasons with a code become sentences, texts stay. */
export function whyWords(why: unknown): string[] {
  if (typeof why === 'string') return [why];
  if (!Array.isArray(why)) return Object.entries(textsOf(why)).flatMap(([name, text]) => whyField(name, text));
  return why.flatMap((one: unknown) => {
    if (typeof one === 'string') return [one];
    if (typeof one !== 'object' || one === null || !('code' in one)) return [];
    const code = REASON_CODES.find((known) => known === one.code);
    return code ? [reasonWords({ code, values: textsOf('values' in one ? one.values : null) })] : [];
  });
}

/** A comment, which earlier versions wrote down here, speaks for itself; of a failure its kind is enough, and its code is ours. */
function whyField(name: string, text: string): string[] {
  if (name === 'comment') return [text];
  if (name === 'code' || text === 'false') return [];
  if (text === 'true') return [fieldWords(name)];
  return [`${fieldWords(name)}: ${valueWords(name, text)}`];
}

/** Actions whose words have this text in them. */
export function actionsWith(text: string): string[] {
  const wanted = text.toLowerCase();
  return KNOWN_ACTIONS.filter((action) => actionWords(action).toLowerCase().includes(wanted));
}

/** Reasons whose sentence has this text in it, whatever fills its gaps. */
export function reasonsWith(text: string): ReasonCode[] {
  const wanted = text.toLowerCase();
  const sentences: Record<string, string> = en.reason;
  return REASON_CODES.filter((code) => sentences[code.replaceAll('-', '_')]?.toLowerCase().includes(wanted));
}

function textsOf(values: unknown): Record<string, string> {
  if (typeof values !== 'object' || values === null) return {};
  const isPlain = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value) && value !== '';
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (isPlain(value) ? [[name, String(value)]] : [])));
}
