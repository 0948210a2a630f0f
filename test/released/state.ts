import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { OpenDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';

/** What is known of a data folder that a version has left, beside its rows. */
export interface StateHead {
  /** Names of the migrations that it had applied, in order. */
  readonly migrations: readonly string[];
  /** Ids and keys that its clients go on using. */
  readonly workspaceId: string;
  readonly adminToken: string;
  readonly licenseCode: string;
  readonly apiKey: string;
  /** What that version itself answered. */
  readonly answers: Answers;
}

export interface State extends StateHead {
  readonly name: string;
  /** Statements that put its rows into its tables. */
  readonly rows: string;
}

export interface Answers {
  readonly events: readonly object[];
  /** Of one person, by all APIs. */
  readonly timeline: readonly string[];
  readonly profiles: readonly string[];
}

const headMark = '-- ';

/** Each file is a state: a head as JSON, then statements. */
export async function readStates(): Promise<State[]> {
  const files = (await readdir(import.meta.dirname)).filter((file) => file.endsWith('.sql')).sort();
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(import.meta.dirname, file), 'utf8');
      const end = text.indexOf('\n');
      const head: StateHead = JSON.parse(text.slice(headMark.length, end));
      return { ...head, name: basename(file, '.sql'), rows: text.slice(end) };
    }),
  );
}

export function stateText(head: StateHead, statements: readonly string[]): string {
  return `${headMark}${JSON.stringify(head)}\n${statements.map((statement) => `${statement};\n`).join('')}`;
}

const sql = join(import.meta.dirname, '..', '..', 'sql');

/** Makes a database what that version has left. */
export async function loadState(database: OpenDatabase, state: State): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tl-sql-'));
  try {
    const files = (await readdir(sql)).filter((file) => file.endsWith('.sql'));
    for (const name of state.migrations) {
      // One was renumbered (src/store/former-migrations.ts).
      const file = files.find((each) => each.slice(6) === `${name.slice(6)}.sql`);
      if (file === undefined) throw new Error(`there is no ${name} any more`);
      await cp(join(sql, file), join(folder, `${name}.sql`));
    }
    await database.query('drop schema public cascade; create schema public');
    await migrate(database, folder);
  } finally {
    await rm(folder, { recursive: true });
  }
  const tables = await listTables(database);
  await database.query(`truncate ${tables.map(({ name }) => name).join(', ')}`);
  await database.query(state.rows);
}

export interface Table {
  readonly name: string;
  /** Joined by commas, without those that are generated. */
  readonly columns: string;
}

/** Those of which others depend come first; partitions are their parents'. */
export async function listTables(database: OpenDatabase): Promise<Table[]> {
  return database.query<Table>(
    `select c.relname as name, string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      group by c.relname order by c.relname <> 'workspace', c.relname`,
  );
}

/** Asks the native API of whichever version; `get` answers the body of a path of the workspace's. */
export async function askQuestions(
  get: (path: string) => Promise<ReturnType<typeof JSON.parse>>,
): Promise<Answers> {
  const { events } = await get('/events?limit=1000');
  const person = await get('/people/lookup?kind=email&value=john.locke@example.com');
  const { events: timeline } = await get(`/people/${person.id}/timeline`);
  return {
    events: events.map(({ seq, dialect, type, occurredAt, properties }: Record<string, unknown>) => ({
      seq,
      dialect,
      type,
      occurredAt,
      properties,
    })),
    timeline: timeline.map(({ dialect, type }: Record<string, unknown>) => `${dialect} ${type}`),
    profiles: person.profiles.map(({ dialect }: Record<string, unknown>) => String(dialect)).sort(),
  };
}
