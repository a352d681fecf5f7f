/** The gaps that a company may use in the words of its own invitation. */
export const MAIL_GAPS = ['name', 'company', 'assessment', 'deadline', 'link', 'message'] as const;
export type MailGap = (typeof MAIL_GAPS)[number];
/** Without the link, which does not belong into a subject, and without the recruiter's message, which may be long. */
export const SUBJECT_GAPS = ['name', 'company', 'assessment', 'deadline'] as const satisfies readonly MailGap[];

/** The company's own words for an invitation: plain text, paragraphs set apart by an empty line. */
export interface MailTemplate {
  subject: string;
  text: string;
}

export type TemplateProblem = { field: keyof MailTemplate } & (
  | { kind: 'empty' }
  | { kind: 'unknown-gap'; gap: string }
  | { kind: 'no-link' }
);

/** What keeps a template from being used: a gap that nothing fills, nothing in it, or no link for the candidate. */
export function checkMailTemplate({ subject, text }: MailTemplate): TemplateProblem | null {
  if (subject.trim() === '') return { field: 'subject', kind: 'empty' };
  if (text.trim() === '') return { field: 'text', kind: 'empty' };
  const stray = strayGap(subject, SUBJECT_GAPS);
  if (stray !== null) return { field: 'subject', kind: 'unknown-gap', gap: stray };
  const strayInText = strayGap(text, MAIL_GAPS);
  if (strayInText !== null) return { field: 'text', kind: 'unknown-gap', gap: strayInText };
  return text.includes('{link}') ? null : { field: 'text', kind: 'no-link' };
}

/** A piece of a paragraph: words, or the candidate's link. */
export type MailPiece = { words: string } | { link: string };

/**
 * The template with its gaps filled, each once: what is filled in is never looked at for gaps again. A paragraph of gaps alone that come
 * out empty (no message) is left out.
 */
export function fillMailTemplate(
  template: MailTemplate,
  values: Record<MailGap, string>,
): { subject: string; paragraphs: MailPiece[][] } {
  const paragraphs = template.text
    .replaceAll('\r\n', '\n')
    .split(/\n[ \t]*\n\s*/)
    .map((paragraph) => toPieces(paragraph, values))
    .filter((pieces) => wordsOf(pieces).trim() !== '');
  const words = template.subject.replace(/\{(\w+)\}/g, (gap, name: string) => (isGap(name) ? values[name] : gap));
  return { subject: words.replace(/\s+/g, ' ').trim(), paragraphs };
}

export function wordsOf(pieces: readonly MailPiece[]): string {
  return pieces.map((piece) => ('link' in piece ? piece.link : piece.words)).join('');
}

function toPieces(paragraph: string, values: Record<MailGap, string>): MailPiece[] {
  return paragraph
    .trim()
    .split(/(\{\w+\})/)
    .filter((piece) => piece !== '')
    .map((piece) => {
      const name = /^\{(\w+)\}$/.exec(piece)?.[1] ?? '';
      if (name === 'link') return { link: values.link };
      return { words: isGap(name) ? values[name] : piece };
    });
}

function isGap(name: string): name is MailGap {
  return MAIL_GAPS.some((gap) => gap === name);
}

/** The first that is none; a lone brace counts, because it is one that was mistyped. */
function strayGap(text: string, known: readonly string[]): string | null {
  const rest = known.reduce((soFar, gap) => soFar.replaceAll(`{${gap}}`, ''), text);
  const found = /\{[^{}\n]{0,40}\}?|\}/.exec(rest);
  return found ? found[0] : null;
}
