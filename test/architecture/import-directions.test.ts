import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

/** Who may know whom: section 3 of the design, as a list. Paths are folders of the repository. */
interface Direction {
  rule: string;
  from: RegExp;
  /** What these files must not import; relative paths are resolved, packages stand as they are. */
  never: RegExp;
  except?: RegExp;
}

/** Each has its folder; what they share lies beside the folders. */
const CONCRETE_ADAPTER = /^server\/(ats|vendors)\/[^/]+\//;

const DIRECTIONS: readonly Direction[] = [
  { rule: 'the domain knows only itself', from: /^lib\/domain\//, never: /^(?!lib\/domain\/)/ },
  { rule: 'the contract knows the domain and zod', from: /^lib\/contract\//, never: /^(?!lib\/domain\/|lib\/contract\/|zod$)/ },
  {
    rule: 'the workflow knows the domain and itself',
    from: /^server\/workflow\//,
    never: /^(?!lib\/domain\/|server\/workflow\/)/,
  },
  { rule: 'the page parsers know the domain', from: /^lib\/ats-page\//, never: /^(?!lib\/domain\/|lib\/ats-page\/)/ },
  {
    rule: 'an adapter never decides',
    from: CONCRETE_ADAPTER,
    never: /^server\/(workflow\/(decide|rules\/)|jobs\/|http\/|effects\/)/,
  },
  {
    rule: 'only the registries and the composition root know concrete adapters',
    from: /^(server|lib|components|entrypoints)\//,
    never: CONCRETE_ADAPTER,
    except: /^server\/(ats\/registry|vendors\/registry|build)\.ts$|^server\/(ats|vendors)\/[^/]+\//,
  },
  {
    rule: 'the failures list knows no HTTP and no adapter',
    from: /^server\/failures\//,
    never: /^server\/(http|ats|vendors|outbound)\//,
  },
  {
    rule: 'components know no server, no browser and no entrypoint',
    from: /^components\//,
    never: /^(server|entrypoints)\/|^wxt|^node:/,
  },
  { rule: 'entrypoints know nothing of the server', from: /^entrypoints\//, never: /^server\/|^node:/ },
  { rule: 'shared code knows neither server nor components', from: /^lib\//, never: /^(server|components|entrypoints)\/|^node:/ },
  {
    rule: 'the audit knows the store alone',
    from: /^server\/audit\//,
    never: /^(?!server\/(audit\/|services\.ts$|storage\/(schema|seal|seal-contexts)\.ts$)|node:crypto$|drizzle-orm$)/,
  },
  {
    rule: 'the browser half touches the browser alone',
    from: /^(lib\/(domain|contract|ats-page)|components)\//,
    never: /^wxt\/browser$|webextension-polyfill/,
  },
  {
    rule: 'the server knows nothing of the extension',
    from: /^server\//,
    // The addresses of candidate pages are read by both halves: an admin may paste one.
    never: /^(components|entrypoints|lib\/browser)\/|^wxt/,
  },
  {
    rule: 'the metrics know the store and the calls, and are told or handed the rest',
    from: /^server\/metrics\//,
    never: /^server\/(http|jobs|effects|ats|vendors|webhooks|workflow|failures|erasure|audit|people)\//,
  },
  {
    rule: 'erasure knows the store, and is handed what else it needs',
    from: /^server\/erasure\//,
    never: /^server\/(http|jobs|effects|ats|vendors|webhooks|outbound|audit|failures)\//,
  },
  {
    rule: 'simulators share no code with what they test',
    from: /^test\/simulators\//,
    never: /^(server|components|entrypoints|lib\/browser)\//,
  },
];

const FILES = globSync('{lib,server,components,entrypoints,test/simulators}/**/*.{ts,tsx}').map((file) =>
  file.replaceAll('\\', '/'),
);

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const found = [
    ...text.matchAll(/(?:^|\n)\s*(?:import|export)\s(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(['"]([^'"]+)['"]\)/g),
  ];
  return found
    .map((match) => match[1] ?? match[2] ?? '')
    .map((name) => (name.startsWith('.') ? normalize(join(dirname(file), name)) : name));
}

/** The adapter folder a file lies in, for telling one adapter from another; both versions of Greenhouse's Harvest are one. */
const adapterOf = (path: string) => CONCRETE_ADAPTER.exec(path)?.[0].replace('greenhouse-v1', 'greenhouse');

describe('import directions', () => {
  test('there are files to look at', () => {
    expect(FILES.length).toBeGreaterThan(100);
    expect(new Set(FILES.map(adapterOf)).size).toBeGreaterThan(6);
  });
  for (const { rule, from, never, except } of DIRECTIONS) {
    test(rule, () => {
      const files = FILES.filter((file) => from.test(file) && !except?.test(file));
      const wrong = files.flatMap((file) =>
        importsOf(file)
          .filter((name) => never.test(name))
          .map((name) => `${file} imports ${name}`),
      );
      expect(wrong).toEqual([]);
    });
  }
  test('no adapter knows another', () => {
    const wrong = FILES.filter((file) => adapterOf(file)).flatMap((file) =>
      importsOf(file)
        .filter((name) => adapterOf(name) && adapterOf(name) !== adapterOf(file))
        .map((name) => `${file} imports ${name}`),
    );
    expect(wrong).toEqual([]);
  });
  test('time, ids and chance come from outside: only the clock, the dice and the roots touch the global ones', () => {
    const allowed = /^server\/(clock|random|main|build|config)\.ts$|^server\/storage\/embedded/;
    const wrong = FILES.filter((file) => /^(server|lib\/domain|lib\/contract)\//.test(file) && !allowed.test(file)).filter(
      (file) => /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\brandomUUID\(/.test(readFileSync(file, 'utf8')),
    );
    expect(wrong).toEqual([]);
  });
  test('only server/config.ts and the start read the environment', () => {
    const wrong = FILES.filter(
      (file) =>
        file.startsWith('server/') && !/^server\/(main|doctor|verify-audit|export|import|rotate-key|config)\.ts$/.test(file),
    ).filter((file) => /process\.env\b/.test(readFileSync(file, 'utf8')));
    expect(wrong).toEqual([]);
  });
});
