import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import PostalMime from 'postal-mime';

export interface ReceivedMail {
  id: number;
  at: string;
  from: string;
  /** Those of the envelope: who really gets it. */
  to: string[];
  subject: string;
  messageId: string | null;
  text: string;
  html: string;
  /** Addresses that a person could click, each once. */
  links: string[];
}

/** Reads the text of one mail as it came over the wire. */
export async function readMail(
  stream: Readable,
): Promise<Pick<ReceivedMail, 'subject' | 'messageId' | 'text' | 'html' | 'links'>> {
  const { subject = '', messageId = null, text = '', html = '' } = await PostalMime.parse(await buffer(stream));
  return { subject, messageId, text, html, links: findLinks(text, html) };
}

function findLinks(text: string, html: string): string[] {
  const inText = text.match(/https?:\/\/[^\s<>"]+/g) ?? [];
  const inHtml = [...html.matchAll(/href="([^"]+)"/g)].map(([, href = '']) => href.replaceAll('&amp;', '&'));
  return [...new Set([...inText, ...inHtml])];
}
