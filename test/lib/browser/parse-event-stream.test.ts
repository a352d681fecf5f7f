import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseEventStream } from '../../../lib/browser/parse-event-stream.ts';

async function read(chunks: Uint8Array<ArrayBuffer>[]) {
  const events = [];
  const bytes = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  for await (const event of parseEventStream(bytes)) events.push(event);
  return events;
}
const bytesOf = (text: string) => new TextEncoder().encode(text);

test('messages are cut at blank lines, with comments and unknown fields left out', async () => {
  const text = ': hello\n\nid: 1\nevent: a\ndata: x\n\nretry: 5\ndata:y\ndata:  z\n\ndata: half';
  expect(await read([bytesOf(text)])).toEqual([
    { id: '1', event: 'a', data: 'x' },
    { id: '1', event: 'message', data: 'y\n z' },
  ]);
});

test('a message reads the same wherever the network cuts it and whichever line end is used', async () => {
  const text = ': ping\n\nid: 7\ndata: {"name":"Zoë 李"}\n\nid: 8\nevent: x\ndata: 1\ndata: 2\n\n';
  const whole = await read([bytesOf(text)]);
  expect(whole).toHaveLength(2);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('\n', '\r\n', '\r'), fc.array(fc.nat(80), { maxLength: 8 }), async (end, cuts) => {
      const bytes = bytesOf(text.replaceAll('\n', end));
      const edges = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
      const chunks = edges.slice(1).map((edge, index) => bytes.slice(edges[index], edge));
      // A lone carriage return at the end waits for its line feed, so the last blank line needs company.
      expect(await read([...chunks, bytesOf(': end\n')])).toEqual(whole);
    }),
  );
});
