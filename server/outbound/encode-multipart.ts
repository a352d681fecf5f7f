import { createHash } from 'node:crypto';

/** One file on its way out. */
export interface FilePart {
  /** The name of the part, as the other side's documentation has it. */
  part: string;
  fileName: string;
  contentType: string;
  bytes: Uint8Array;
}

/**
 * One file as multipart/form-data (RFC 7578) and the content type that goes with it. The boundary is a digest of the content: it
 * needs no chance, and a content that holds its own digest cannot be made.
 */
export function encodeMultipart({ part, fileName, contentType, bytes }: FilePart): [Buffer, string] {
  const boundary = `tagalong-${createHash('sha256').update(bytes).digest('hex').slice(0, 40)}`;
  const head = [
    `--${boundary}`,
    `Content-Disposition: form-data; name="${quoted(part)}"; filename="${quoted(fileName)}"`,
    `Content-Type: ${contentType}`,
    '',
    '',
  ].join('\r\n');
  const body = Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return [body, `multipart/form-data; boundary=${boundary}`];
}

/** What would end the quotes or the line, as browsers write it: https://html.spec.whatwg.org/#multipart-form-data */
function quoted(text: string): string {
  return text.replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/"/g, '%22');
}
