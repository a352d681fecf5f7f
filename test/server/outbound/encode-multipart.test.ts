import { expect, test } from 'vitest';
import { encodeMultipart } from '../../../server/outbound/encode-multipart.ts';
import { encodeRequest } from '../../../server/outbound/encode-request.ts';

const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);

/** As a server would read it. */
async function read([body, type]: [Buffer, string]): Promise<[string, File][]> {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  return [...form.entries()].map(([name, value]): [string, File] => {
    if (typeof value === 'string') throw new Error('A file was expected');
    return [name, value];
  });
}

test('a reader gets back the part, its name, its type and every byte', async () => {
  const encoded = encodeMultipart({
    part: 'file',
    fileName: 'Report TA-1.pdf',
    contentType: 'application/pdf',
    bytes: everyByte,
  });
  const [[name, file] = [], ...others] = await read(encoded);
  expect(others).toEqual([]);
  expect([name, file?.name, file?.type]).toEqual(['file', 'Report TA-1.pdf', 'application/pdf']);
  expect(new Uint8Array((await file?.arrayBuffer()) ?? [])).toEqual(everyByte);
});

test('a file name cannot add a header or another part', async () => {
  const fileName = 'a".pdf\r\nContent-Type: text/html\r\n\r\n<script>';
  const encoded = encodeMultipart({ part: 'file', fileName, contentType: 'application/pdf', bytes: everyByte });
  const head = encoded[0].toString('latin1').split('\r\n\r\n')[0] ?? '';
  expect(head.split('\r\n')).toHaveLength(3);
  expect(await read(encoded)).toHaveLength(1);
});

test('a content that looks like a boundary of another content ends nothing', async () => {
  const first = encodeMultipart({ part: 'file', fileName: 'a.pdf', contentType: 'application/pdf', bytes: everyByte });
  const second = encodeMultipart({ part: 'file', fileName: 'b.pdf', contentType: 'application/pdf', bytes: first[0] });
  const [[, file] = []] = await read(second);
  expect(file?.size).toBe(first[0].length);
});

test('a request says the boundary and the length', () => {
  const file = { part: 'file', fileName: 'a.pdf', contentType: 'application/pdf', bytes: everyByte };
  const { headers, body } = encodeRequest({ method: 'POST', url: 'https://api.lever.co/v1', file, write: true });
  expect(headers['content-type']).toMatch(/^multipart\/form-data; boundary=tagalong-[0-9a-f]{40}$/);
  expect(headers['content-length']).toBe(`${body?.length}`);
});
