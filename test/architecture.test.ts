import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { describe, it } from 'node:test';

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const sources = globSync('src/**/*.ts', { cwd: root }).sort();

/** What each room may import besides itself; docs/architecture.md "Rooms". The rooms that are not named may import everything. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  json: [],
  store: ['json', 'config.ts'],
  core: ['store', 'json', 'errors.ts'],
  projections: ['core', 'store', 'json', 'errors.ts'],
  // A write's transaction applies the projections.
  change: ['core', 'projections', 'store', 'json', 'errors.ts'],
  ingest: ['core', 'change', 'projections', 'store', 'json', 'errors.ts'],
  query: ['core', 'projections', 'store', 'json', 'errors.ts'],
  transfer: ['core', 'projections', 'store', 'json', 'errors.ts'],
  http: ['core', 'ingest', 'store', 'json', 'config.ts', 'errors.ts'],
};

interface Import {
  readonly from: string;
  readonly to: string;
}

function importsOf(file: string): Import[] {
  const found: Import[] = [];
  for (const [, path] of read(file).matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g)) {
    found.push({ from: file, to: normalize(join(dirname(file), path!)) });
  }
  return found;
}

const imports = sources.flatMap(importsOf);
const roomOf = (file: string) => file.split('/')[1]!;

/** Comments take no part, and neither do plain words in prose. */
const withoutComments = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\/|(?<![:'"`])\/\/.*$/gm, '');
/** A body that the reference shows has to be one that can be sent. */
const withoutExamples = (text: string) => text.replaceAll(/^ *example: \{.*\},$/gm, '');

describe('the rooms of src', () => {
  it('are imported one way only', () => {
    const wrong = imports.filter(({ from, to }) => {
      const allowed = mayImport[roomOf(from)];
      // Imports of a vendor are the next test's.
      if (!allowed || roomOf(to) === roomOf(from) || roomOf(to) === 'dialects') return false;
      return !allowed.some((room) => to === `src/${room}` || to.startsWith(`src/${room}/`));
    });
    assert.deepEqual(wrong, []);
  });

  it('know no vendor: only the registry does, and no vendor knows another', () => {
    const vendors = /^src\/dialects\/([^/]+)\//;
    const wrong = imports.filter(({ from, to }) => {
      const vendor = vendors.exec(to)?.[1];
      return vendor && from !== 'src/dialects/registry.ts' && vendors.exec(from)?.[1] !== vendor;
    });
    assert.deepEqual(wrong, []);
  });

  it('name no vendor but in visits, which are of integrations', () => {
    const vendors = globSync('src/dialects/*/', { cwd: root }).map((folder) => basename(folder));
    const name = new RegExp(`'(?:${vendors.join('|')})'`);
    const naming = sources
      .filter((file) => roomOf(file) !== 'dialects')
      .filter((file) => name.test(withoutExamples(withoutComments(read(file)))));
    assert.deepEqual(naming, [
      'src/core/campaign/touchpoint.ts',
      'src/ingest/visit.ts',
      'src/native/campaigns/operations.ts',
    ]);
  });

  it('import only files that exist', () => {
    assert.deepEqual(
      imports.filter(({ to }) => !existsSync(join(root, to))),
      [],
    );
    assert.ok(imports.length > 200, 'the pattern finds the imports');
  });

  it('read the environment in one place', () => {
    const readers = sources.filter((file) => /process\.env\b/.test(withoutComments(read(file))));
    assert.deepEqual(readers, ['src/config.ts']);
  });

  it('lock and store the head of a workspace in one way for ingest and one for every other write', () => {
    const users = (name: string) =>
      sources.filter((file) => new RegExp(`\\b${name}\\(`).test(withoutComments(read(file))));
    const core = 'src/core/workspace';
    const store = `${core}/workspace-store.ts`;
    assert.deepEqual(users('lockHead'), [
      `${core}/change-workspace.ts`,
      `${core}/commit-doubt.ts`,
      `${core}/under-head-lock.ts`,
      store,
      'src/ingest/reading.ts',
    ]);
    assert.deepEqual(users('storeHead'), ['src/change/writer.ts', `${core}/change-workspace.ts`, store]);
  });

  it('hold files of fewer than 400 lines', () => {
    const long = [
      ...sources,
      ...globSync('scripts/*.{ts,js}', { cwd: root }),
      ...globSync('console/{src,api-types}/**/*.{ts,tsx,css}', {
        cwd: root,
        exclude: ['**/node_modules/**', '**/*.d.ts'],
      }),
    ].filter((file) => read(file).split('\n').length > 400);
    assert.deepEqual(long, []);
  });

  it('know no catch-all folder or file', () => {
    assert.deepEqual(
      sources.filter((file) => /(^|\/)(utils?|helpers?|misc)(\/|\.ts$)/.test(file)),
      [],
    );
  });
});

describe('a dialect', () => {
  const dialects = sources.filter((file) => /^src\/dialects\/[^/]+\//.test(file));

  it('holds SQL in its stores, queries and projections alone', () => {
    const statement =
      /[`'"]\s*(?:select\s[\s\S]*?\sfrom\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|with\s+\w+\s+as\s*\()/i;
    const wrong = dialects
      .filter((file) => !/-store\.ts$|\/query\/|\/projection\//.test(file))
      .filter((file) => statement.test(withoutComments(read(file))));
    assert.deepEqual(wrong, []);
  });

  it('has the same words for the same rooms', () => {
    for (const folder of globSync('src/dialects/*/', { cwd: root })) {
      for (const file of ['index.ts', 'errors.ts', 'api'])
        assert.ok(existsSync(join(root, folder, file)), `${folder} has no ${file}`);
    }
  });
});

describe('property tests', () => {
  it('take their library where it has the run’s seed, and bring none', () => {
    const tests = globSync('test/**/*.ts', { cwd: root, exclude: ['test/crash/**'] });
    const wrong = tests.filter((file) => /from 'fast-(?:check)'|\bseed\b:/.test(withoutComments(read(file))));
    assert.deepEqual(wrong, ['test/helpers/fast-check.ts']);
  });
});

describe('the tests of wires, jobs and attacks', () => {
  /** What is left of their own questions to the tables, and why. */
  const exceptions: Readonly<Record<string, string>> = {
    // What is tested is what stands in tables.
    'test/native/rebuild.test.ts': 'breaks what is derived, and compares all of it',
    'test/native/insights.test.ts': 'takes away what is derived, to ask while it is made anew',
    'test/dialects/octeth/retention/website-events.test.ts': 'what retention leaves in each table',
    'test/dialects/signals/advertising/refresh-rounds.test.ts': 'a store, not a wire',
    'test/dialects/signals/conversation/conversations.test.ts': 'an oracle over the projection’s rows',
    'test/dialects/signals/conversation/fact-store.test.ts': 'a store, not a wire',
    'test/dialects/contacthub/event-histories.test.ts': 'an oracle over all that follows from events',
    'test/dialects/contacthub/indexed-properties.test.ts': 'a migration: the tables as they were before',
    'test/dialects/contacthub/search-many.test.ts':
      'more customers than can be made one by one, and a table that is held',
    'test/dialects/contacthub/search-property.test.ts': 'breaks what is derived',
    'test/dialects/signals/former-clicks.test.ts': 'a migration: the tables as they were before',
    'test/dialects/signals/ads.test.ts': 'counts the statements of a question; none is its own',
    // Jobs, whose own table and whose subjects no API shows as they are.
    'test/jobs/expired-credentials.test.ts': 'credentials, more than can be issued one by one',
    'test/jobs/maintenance.test.ts': 'partitions, made and dropped',
    'test/jobs/respell-keys.test.ts': 'keys as an older version spelt them',
    'test/jobs/retention/anonymize.test.ts':
      'what is kept but never shown again, and locks that are waited for',
    'test/jobs/retention/interrupted.test.ts': 'a table that fails in the middle',
    'test/jobs/retention/oracle.test.ts': 'an oracle over what is left of events',
    'test/jobs/retention/retention.ts': 'dumps every table, to look for what had to go',
    'test/jobs/run-jobs.test.ts': 'takes away the jobs of the test before',
    // Attacks, whose traces are looked for where no API would show them, or whose stage is set past the limits.
    'test/security/dear-reads.test.ts': 'holds tables, and fills them with more than can be sent',
    'test/security/secrets.test.ts': 'looks for secrets in rows',
    'test/security/tenants.test.ts': 'counts the rows of every table, of the other tenant',
  };

  it('ask nothing of tables but by test/helpers/store.ts or their vendor’s, so that a table can change without them', () => {
    const asking = globSync('test/{dialects,jobs,native,security}/**/*.ts', { cwd: root })
      .filter((file) => !/^test\/dialects\/\w+\/store\.ts$/.test(file))
      .filter((file) => /\.query\s*[<(]|\.sql\b/.test(withoutComments(read(file))))
      .sort();
    assert.deepEqual(asking, Object.keys(exceptions).sort());
  });
});
