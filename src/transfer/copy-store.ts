import type { Queryable } from '../store/queryable.ts';

type Asking = Pick<Queryable, 'query'>;

/** What each database has for itself. */
const ownTables: readonly string[] = ['schema_migration', 'write_probe'];

export interface CopiedTable {
  readonly name: string;
  readonly columns: readonly string[];
}

/** All tables but a database's own, each behind those that it refers to. */
export async function listTables(source: Asking): Promise<CopiedTable[]> {
  const rows = await source.query<{ name: string; columns: string; refers: string | null }>(
    `select c.relname::text as name,
            (select string_agg(a.attname, ',' order by a.attnum) from pg_attribute a
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
            (select string_agg(f.confrelid::regclass::text, ',') from pg_constraint f
              where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid) as refers
       from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> all ($1::text::text[])
      order by c.relname`,
    [`{${ownTables.join(',')}}`],
  );
  const ordered: CopiedTable[] = [];
  const waiting = new Map(rows.map((row) => [row.name, row]));
  while (waiting.size > 0) {
    const ready = [...waiting.values()].filter(
      ({ refers }) => !refers?.split(',').some((name) => waiting.has(name)),
    );
    if (ready.length === 0) throw new Error(`tables refer to each other: ${[...waiting.keys()].join(', ')}`);
    for (const { name, columns } of ready) {
      waiting.delete(name);
      ordered.push({ name, columns: columns.split(',') });
    }
  }
  return ordered;
}

/** Nobody else writes until the transaction is over: every write begins with one of these rows. */
export async function stopWrites(source: Asking): Promise<void> {
  await source.query('lock table workspace_head in share mode');
}

/** How many connections of servers or commands there are beside this one. */
export async function countOthers(source: Asking): Promise<number> {
  const [row] = await source.query<{ others: number }>(
    `select count(*)::integer as others from pg_stat_activity
      where datname = current_database() and application_name = 'throughline' and pid <> pg_backend_pid()`,
  );
  return row?.others ?? 0;
}

/** The migrations that a database has, in their order. */
export async function readMigrationNames(connection: Asking): Promise<string[]> {
  const rows = await connection.query<{ name: string }>(
    'select name from schema_migration where number < 1000000 order by number',
  );
  return rows.map(({ name }) => name);
}

/** The tables that have rows. */
export async function findFilled(connection: Asking, tables: readonly CopiedTable[]): Promise<string[]> {
  const looks = tables.map(({ name }) => `select '${name}' as name where exists (select from ${name})`);
  const rows = await connection.query<{ name: string }>(looks.join(' union all '));
  return rows.map(({ name }) => name);
}

export async function countRows(connection: Asking, { name }: CopiedTable): Promise<number> {
  const [row] = await connection.query<{ rows: number }>(`select count(*) as rows from ${name}`);
  return row?.rows ?? 0;
}

export function copyOutOf({ name, columns }: CopiedTable): string {
  return `copy (select ${columns.map(quoted)} from ${name}) to stdout`;
}

export function copyInto({ name, columns }: CopiedTable): string {
  return `copy ${name} (${columns.map(quoted)}) from stdin`;
}

function quoted(name: string): string {
  return `"${name}"`;
}
