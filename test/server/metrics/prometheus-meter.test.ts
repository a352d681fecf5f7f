import { Registry } from 'prom-client';
import { beforeEach, describe, expect, it } from 'vitest';
import { WORDS } from '../../../server/metrics/known-words.ts';
import type { Meter } from '../../../server/metrics/meter.ts';
import { createPrometheusMeter } from '../../../server/metrics/prometheus-meter.ts';
import type { EffectKind } from '../../../server/workflow/effect.ts';

let registry: Registry;
let meter: Meter;
beforeEach(() => {
  registry = new Registry();
  meter = createPrometheusMeter(registry);
});

/** The value behind one series, as it stands in the text; undefined without it. */
async function shown(series: string): Promise<number | undefined> {
  const line = (await registry.metrics()).split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

/** A new kind of effect does not compile until it stands here, and fails until the metrics know its word. */
const EFFECT_KINDS: Record<EffectKind, true> = {
  'send-invitation': true,
  'cancel-invitation': true,
  'resend-invitation': true,
  'extend-invitation': true,
  'give-extra-time': true,
  'remind-candidate': true,
  'write-note': true,
  'write-fields': true,
  'add-link': true,
  'attach-report': true,
  'write-feedback': true,
  'add-tag': true,
  'remove-tag': true,
  'move-to-stage': true,
  'change-application': true,
  'tell-outcome': true,
  'call-hook': true,
};

describe('what the metrics show of what the meter was told', () => {
  it('counts webhooks by kind and outcome, also of an unknown address', async () => {
    meter.webhook('lever', 'stored');
    meter.webhook('lever', 'stored');
    meter.webhook('greenhouse', 'duplicate');
    meter.webhook(null, 'unknown');
    expect(await shown('tagalong_webhooks_total{kind="lever",outcome="stored"}')).toBe(2);
    expect(await shown('tagalong_webhooks_total{kind="greenhouse",outcome="duplicate"}')).toBe(1);
    expect(await shown('tagalong_webhooks_total{kind="unknown",outcome="unknown"}')).toBe(1);
  });

  it('counts effects by kind and end, and calls with their time', async () => {
    meter.effect('write-note', 'done');
    meter.call('coderbyte', 'ambiguous', 1500);
    meter.call('mail', 'ok', 20);
    expect(await shown('tagalong_effects_total{kind="write-note",end="done"}')).toBe(1);
    expect(await shown('tagalong_call_seconds_count{to="coderbyte",outcome="ambiguous"}')).toBe(1);
    expect(await shown('tagalong_call_seconds_sum{to="coderbyte",outcome="ambiguous"}')).toBe(1.5);
    expect(await shown('tagalong_call_seconds_count{to="mail",outcome="ok"}')).toBe(1);
  });

  it('measures from the oldest receipt that a decision settles, once', async () => {
    const at = (seconds: number) => new Date(Date.UTC(2026, 2, 1) + seconds * 1000);
    meter.told(['a', 'b'], at(10));
    meter.told(['a'], at(4));
    meter.told(['a'], at(8));
    meter.decided('a', at(12));
    meter.decided('a', at(500));
    meter.decided('never-told', at(500));
    expect(await shown('tagalong_decision_seconds_count')).toBe(1);
    expect(await shown('tagalong_decision_seconds_sum')).toBe(8);
  });

  it('has a word for every kind of effect', () => {
    expect([...WORDS.effect].toSorted()).toEqual(Object.keys(EFFECT_KINDS).toSorted());
  });

  it('has an end of series whatever it is told, and shows nothing of it', async () => {
    for (let n = 0; n < 2000; n += 1) {
      const word = `ada.${n}@mail.example` as never;
      meter.webhook(word, word);
      meter.effect(word, word);
      meter.call(word, word, n);
      meter.told([word], new Date(n));
      meter.decided(word, new Date(n + 1));
    }
    const text = await registry.metrics();
    expect(text).not.toContain('mail.example');
    expect(text.split('\n').filter((line) => line.startsWith('tagalong_')).length).toBeLessThan(60);
  });

  it('two of them have nothing in common', async () => {
    const other = new Registry();
    createPrometheusMeter(other).webhook('lever', 'stored');
    expect(await shown('tagalong_webhooks_total{kind="lever",outcome="stored"}')).toBeUndefined();
  });
});
