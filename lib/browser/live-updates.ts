import { type StreamEvent, streamEventSchema } from '../contract/panel.ts';
import { parseEventStream } from './parse-event-stream.ts';

/** A server that is there sends at least a comment within this; without one the line is dead though it looks open. */
const SILENCE_MS = 60_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

export interface LiveUpdatesInput {
  /** Opens the stream; null when it cannot be had now. */
  open(lastEventId: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array<ArrayBuffer>> | null>;
  onEvent(event: StreamEvent): void;
  /** The line stands. What happened before is not known: ask again. */
  onOpen(): void;
  /** The line is gone, or could not be had. Called once until it stands again. */
  onLost(): void;
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export interface LiveUpdates {
  /** Wanted while a panel or popup is open. Repeating it changes nothing. */
  want(isWanted: boolean): void;
  /** Drops the line and opens it anew, with what is paired now. */
  restart(): void;
  isOpen(): boolean;
}

/** Holds the one event stream of this browser: comes back after every loss, first soon, then more and more slowly. */
export function createLiveUpdates({ open, onEvent, onOpen, onLost, wait }: LiveUpdatesInput): LiveUpdates {
  let running: AbortController | undefined;
  let isOpen = false;
  let isKnownLost = false;
  let lastEventId = '';

  async function listen(signal: AbortSignal): Promise<boolean> {
    const quiet = new AbortController();
    const bytes = await open(lastEventId, AbortSignal.any([signal, quiet.signal]));
    if (!bytes || signal.aborted) return false;
    isOpen = true;
    isKnownLost = false;
    onOpen();
    for await (const message of parseEventStream(abortWhenSilent(bytes, quiet))) {
      lastEventId = message.id || lastEventId;
      const event = readEvent(message.data);
      if (event && !signal.aborted) onEvent(event);
    }
    return true;
  }

  async function run(signal: AbortSignal): Promise<void> {
    for (let tries = 0; !signal.aborted; tries += 1) {
      const stood = await listen(signal).catch(() => isOpen);
      if (signal.aborted) return;
      isOpen = false;
      if (!isKnownLost) onLost();
      isKnownLost = true;
      if (stood) tries = 0;
      await wait(Math.min(FIRST_WAIT_MS * 2 ** tries, LONGEST_WAIT_MS), signal);
    }
  }

  function stop(): void {
    running?.abort();
    running = undefined;
    isOpen = false;
  }

  function start(): void {
    if (running) return;
    running = new AbortController();
    isKnownLost = false;
    void run(running.signal);
  }

  return {
    want: (isWanted) => (isWanted ? start() : stop()),
    restart() {
      const wasWanted = running !== undefined;
      stop();
      lastEventId = '';
      if (wasWanted) start();
    },
    isOpen: () => isOpen,
  };
}

/** Unknown events are those of a newer server: nothing for us. */
function readEvent(data: string): StreamEvent | undefined {
  try {
    return streamEventSchema.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}

function abortWhenSilent(bytes: ReadableStream<Uint8Array<ArrayBuffer>>, quiet: AbortController) {
  let timer: ReturnType<typeof setTimeout>;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => quiet.abort(), SILENCE_MS);
  };
  heard();
  const watch = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      heard();
      controller.enqueue(chunk);
    },
    flush: () => clearTimeout(timer),
  });
  return bytes.pipeThrough(watch);
}
