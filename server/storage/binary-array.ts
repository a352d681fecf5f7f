/** Types of elements by their numbers, which never change. https://www.postgresql.org/docs/current/catalog-pg-type.html */
const OIDS = { bytea: 17, int4: 23, text: 25, timestamptz: 1184, jsonb: 3802 } as const;

const HEADER = 20;
/** Where PostgreSQL's days begin. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
/** Before the text of a `jsonb`: the version of how it is sent. */
const JSONB_VERSION = 1;

interface Elements {
  bytea: Uint8Array;
  int4: number;
  text: string;
  timestamptz: Date;
  /** Its text. */
  jsonb: string;
}

/**
 * A one-dimensional array without nulls in PostgreSQL's binary format, which the driver passes on as it is. Neither side writes or reads
 * quotation marks, and nothing in it needs to be escaped. The format is that of `array_recv`: dimensions, whether there are nulls, the type,
 * how many, from where they are counted; then each element with its length in bytes before it.
 * https://github.com/postgres/postgres/blob/REL_18_STABLE/src/backend/utils/adt/arrayfuncs.c
 */
export function binaryArray<Type extends keyof typeof OIDS>(type: Type, elements: readonly Elements[Type][]): Buffer {
  const { sizeOf, write } = FORMATS[type];
  let size = HEADER;
  for (const element of elements) size += 4 + sizeOf(element);
  const buffer = Buffer.allocUnsafe(size);
  buffer.writeInt32BE(elements.length === 0 ? 0 : 1, 0);
  buffer.writeInt32BE(0, 4);
  buffer.writeInt32BE(OIDS[type], 8);
  if (elements.length === 0) return buffer.subarray(0, 12);
  buffer.writeInt32BE(elements.length, 12);
  buffer.writeInt32BE(1, 16);
  let at = HEADER;
  for (const element of elements) {
    const end = write(buffer, element, at + 4);
    buffer.writeInt32BE(end - at - 4, at);
    at = end;
  }
  return buffer;
}

interface Format<Element> {
  sizeOf(element: Element): number;
  /** Where it ends. */
  write(buffer: Buffer, element: Element, at: number): number;
}

const FORMATS: { [Type in keyof Elements]: Format<Elements[Type]> } = {
  bytea: {
    sizeOf: (bytes) => bytes.length,
    write(buffer, bytes, at) {
      buffer.set(bytes, at);
      return at + bytes.length;
    },
  },
  int4: { sizeOf: () => 4, write: (buffer, number, at) => buffer.writeInt32BE(number, at) },
  text: { sizeOf: (text) => Buffer.byteLength(text), write: (buffer, text, at) => at + buffer.write(text, at) },
  timestamptz: {
    sizeOf: () => 8,
    write(buffer, time, at) {
      // In halves: a BigInt is an object of its own. Exact until the year 4283, since thousands are multiples of eight.
      const us = (time.getTime() - EPOCH_MS) * 1000;
      return buffer.writeUInt32BE(us >>> 0, buffer.writeInt32BE(Math.floor(us / 2 ** 32), at));
    },
  },
  jsonb: {
    sizeOf: (text) => 1 + Buffer.byteLength(text),
    write(buffer, text, at) {
      buffer[at] = JSONB_VERSION;
      return at + 1 + buffer.write(text, at + 1);
    },
  },
};
