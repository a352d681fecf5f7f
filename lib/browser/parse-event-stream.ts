/** One message of a `text/event-stream`. */
export interface ServerSentEvent {
  /** Empty until the server has named one; what it named last stays in force. */
  id: string;
  event: string;
  data: string;
}

/**
 * Cuts a stream of bytes into its messages, as the HTML standard says (section "server-sent events"): any of the three line
 * ends, `data` lines joined, comments and unknown fields dropped, a message without data dropped, a half one at the end too.
 */
export async function* parseEventStream(bytes: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<ServerSentEvent> {
  let id = '';
  let event = '';
  let data: string[] = [];
  for await (const line of lines(bytes)) {
    if (line === '') {
      if (data.length > 0) yield { id, event: event || 'message', data: data.join('\n') };
      event = '';
      data = [];
      continue;
    }
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === 'id' && !value.includes('\0')) id = value;
    if (field === 'event') event = value;
    if (field === 'data') data.push(value);
  }
}

async function* lines(bytes: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of bytes.pipeThrough(new TextDecoderStream())) {
    rest += chunk;
    // A carriage return at the very end may be half of a pair: wait for what follows.
    const complete = rest.split(/\r\n|\n|\r(?!$)/);
    rest = complete.pop() ?? '';
    yield* complete;
  }
}
