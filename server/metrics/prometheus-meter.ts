import { Counter, Histogram, type Registry } from 'prom-client';
import { known, WORDS } from './known-words.ts';
import type { Meter } from './meter.ts';
import { createReceipts } from './receipts.ts';

/** The meter whose figures `registry` shows. What the names mean stands in the README's table of metrics. */
export function createPrometheusMeter(registry: Registry): Meter {
  const registers = [registry];
  const webhooks = new Counter({
    name: 'tagalong_webhooks_total',
    help: 'Webhooks answered, by kind of connection and outcome',
    labelNames: ['kind', 'outcome'],
    registers,
  });
  const decided = new Histogram({
    name: 'tagalong_decision_seconds',
    help: 'From the receipt of a webhook to the decision, of those passed on and decided by this process',
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800],
    registers,
  });
  const effects = new Counter({
    name: 'tagalong_effects_total',
    help: 'Tries of effects, by kind and end (again: it is tried once more)',
    labelNames: ['kind', 'end'],
    registers,
  });
  const calls = new Histogram({
    name: 'tagalong_call_seconds',
    help: 'Calls to ATSs, vendors, the mail server and other systems, by outcome',
    labelNames: ['to', 'outcome'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
    registers,
  });
  const receipts = createReceipts();
  return {
    webhook: (kind, outcome) =>
      webhooks.inc({ kind: known(WORDS.kind, kind ?? 'unknown'), outcome: known(WORDS.webhook, outcome) }),
    told(keys, receivedAt) {
      for (const key of keys) receipts.told(key, receivedAt);
    },
    decided(key, now) {
      const ms = receipts.decided(key, now);
      if (ms !== null) decided.observe(ms / 1000);
    },
    effect: (kind, end) => effects.inc({ kind: known(WORDS.effect, kind), end: known(WORDS.end, end) }),
    call: (to, outcome, tookMs) =>
      calls.observe({ to: known(WORDS.target, to), outcome: known(WORDS.call, outcome) }, tookMs / 1000),
  };
}
