import catalogue from '../../locales/en.json' with { type: 'json' };

/**
 * Gives components their texts outside an extension: a `browser.i18n` over the English catalogue. Import it before any component.
 */
type Texts = { [name: string]: string | Texts };

const messages = flatten(catalogue as Texts);

function flatten(texts: Texts, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(texts).flatMap(([name, value]) => {
      if (typeof value === 'string') return [[prefix + name, value] as const];
      // A plural is one message with its forms in order, as @wxt-dev/i18n ships it.
      if ('n' in value) return [[prefix + name, Object.values(value).join(' | ')] as const];
      return [...flatten(value, `${prefix}${name}_`)];
    }),
  );
}

function getMessage(key: string, substitutions: string | string[] = []): string {
  const values = [substitutions].flat();
  return (messages.get(key) ?? '').replace(/\$(\d)/g, (_, digit) => values[Number(digit) - 1] ?? '');
}

const host = globalThis as { chrome?: { i18n?: unknown } };
host.chrome ??= {};
host.chrome.i18n = { getMessage };
