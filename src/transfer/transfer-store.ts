import type { WorkspaceId } from '../core/workspace/workspace.ts';
import type { SettableStatus } from '../core/workspace/workspace-status.ts';
import type { Queryable } from '../store/queryable.ts';
import type { Transaction } from '../store/transaction.ts';
import { columnOf, type RecordKind } from './kinds.ts';

/** The members of the lines that name the workspace itself, and of its head's. */
const workspaceFields = [
  'publicId',
  'slug',
  'name',
  'timezone',
  'currency',
  'settings',
  'createdAt',
  'status',
];
const headFields = [
  'seq',
  'configVersion',
  'lastNodeId',
  'lastSourceId',
  'lastTypeId',
  'lastConsentId',
  'lastBatch',
];

/** The first lines behind the header. Whoever reads a file makes the workspace of them before anything else. */
export const workspaceKind: RecordKind = {
  record: 'workspace',
  table: 'workspace',
  fields: workspaceFields,
  order: 'id',
};
export const headKind: RecordKind = {
  record: 'head',
  table: 'workspace_head',
  fields: headFields,
  order: 'workspace_id',
};

/**
 * A `copy` that sends a kind's rows of a workspace, a line of JSON each. A document keeps its very text, but for line feeds between its
 * members; what JSON has no form for is PostgreSQL's text of it (instants in UTC with microseconds, bytes as `\x…`). In the form of CSV
 * nothing is escaped that JSON text can hold.
 */
export function copyLines({ record, table, fields, order, isShared }: RecordKind, id: WorkspaceId): string {
  const members = fields.map((field) => `${quoted(columnOf(field))} as ${quoted(field)}`).join(', ');
  const own = table === 'workspace' ? `where id = ${Number(id)}` : `where workspace_id = ${Number(id)}`;
  return `copy (select translate(row_to_json(l)::text, e'\\n\\r', '  ')
    from (select '${record}' as record, ${members} from ${table} ${isShared ? '' : own} order by ${order}) l)
    to stdout (format csv, quote e'\\x01', delimiter e'\\x02')`;
}

/** What a column is, for who reads a line. */
export interface ColumnType {
  readonly type: string;
  readonly isRequired: boolean;
}

/** The columns of tables, by `table.column`, as this version's migrations have made them. */
export async function readColumnTypes(
  connection: Queryable,
  tables: readonly string[],
): Promise<ReadonlyMap<string, ColumnType>> {
  const rows = await connection.query<{ name: string; type: string; required: boolean; table: string }>(
    `select c.relname::text as "table", a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as required
       from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped`,
  );
  return new Map(
    rows
      .filter(({ table }) => tables.includes(table))
      .map(({ table, name, type, required }) => [`${table}.${name}`, { type, isRequired: required }]),
  );
}

/** Stores lines of a kind, all or none of them. */
export async function insertLines(
  connection: Queryable,
  workspaceId: WorkspaceId,
  kind: RecordKind,
  types: ReadonlyMap<string, ColumnType>,
  lines: readonly string[],
): Promise<void> {
  const columns = kind.fields.map((field) => quoted(columnOf(field)));
  const { definitions, values } = readingOf(kind, types);
  const documents = `[${lines.join(',')}]`;
  if (kind.isShared) {
    await connection.query(
      `insert into ${kind.table} (${columns}) select ${values} from json_to_recordset($1::text::json) as l (${definitions})
       on conflict do nothing`,
      [documents],
    );
    return;
  }
  await connection.query(
    `insert into ${kind.table} (workspace_id, ${columns})
     select h.workspace_id, ${values} from workspace_head h, json_to_recordset($2::text::json) as l (${definitions})
      where h.workspace_id = $1`,
    [workspaceId, documents],
  );
}

/** A document that is JSON's null can't be told from one that is not there, where there may be none. */
function readingOf(kind: RecordKind, types: ReadonlyMap<string, ColumnType>) {
  const known = kind.fields.map((field) => {
    const column = types.get(`${kind.table}.${columnOf(field)}`);
    if (!column) throw new Error(`${kind.table} has no column for ${field}`);
    return { field: quoted(field), ...column };
  });
  return {
    definitions: known.map(({ field, type }) => `${field} ${type}`).join(', '),
    values: known
      .map(({ field, type, isRequired }) =>
        isRequired && (type === 'json' || type === 'jsonb')
          ? `coalesce(l.${field}, 'null'::${type})`
          : `l.${field}`,
      )
      .join(', '),
  };
}

function quoted(name: string): string {
  return `"${name}"`;
}

/** Makes the workspace of its line and its head's, under a number of its own; nothing goes on in it yet. @throws SQLSTATE 23505 */
export async function insertImporting(
  tx: Transaction,
  types: ReadonlyMap<string, ColumnType>,
  { workspace, head, slug }: { readonly workspace: string; readonly head: string; readonly slug: string },
): Promise<WorkspaceId> {
  await tx.query('lock table workspace in share row exclusive mode');
  const [last] = await tx.query<{ id: number }>(
    'select greatest((select max(id) from workspace), (select max(id) from deleted_workspace), 0) as id',
  );
  const id = ((last?.id ?? 0) + 1) as WorkspaceId;
  const own = readingOf(workspaceKind, types);
  await tx.query(
    `insert into workspace (id, public_id, slug, name, timezone, currency, settings, created_at, status)
     select $1::integer, l."publicId", $2, l.name, l.timezone, l.currency, l.settings, l."createdAt", 'importing'
       from json_to_record($3::text::json) as l (${own.definitions})`,
    [id, slug, workspace],
  );
  // It is no deleted one any more. Its number of then is lower than the one that it has now, and so is given to nobody.
  await tx.query(
    'delete from deleted_workspace where public_id = (select public_id from workspace where id = $1)',
    [id],
  );
  const heads = readingOf(headKind, types);
  await tx.query(
    `insert into workspace_head (workspace_id, ${headFields.map((field) => columnOf(field))})
     select $1::integer, ${heads.values} from json_to_record($2::text::json) as l (${heads.definitions})`,
    [id, head],
  );
  return id;
}

/** From now on it is what it was where it comes from; who knows it as one that is being imported reads it again. */
export async function openImported(
  tx: Transaction,
  workspaceId: WorkspaceId,
  status: SettableStatus,
): Promise<void> {
  await tx.query('update workspace_head set config_version = config_version + 1 where workspace_id = $1', [
    workspaceId,
  ]);
  await tx.query(`update workspace set status = $2 where id = $1 and status = 'importing'`, [
    workspaceId,
    status,
  ]);
}

/** The workspace that has this id or this slug. */
export async function findStanding(
  connection: Queryable,
  publicId: string,
  slug: string,
): Promise<{ slug: string; status: string; publicId: string } | undefined> {
  const [row] = await connection.query<{ slug: string; status: string; public_id: string }>(
    'select slug, status, public_id from workspace where public_id::text = $1 or slug = $2 order by public_id::text <> $1 limit 1',
    [publicId, slug],
  );
  return row && { slug: row.slug, status: row.status, publicId: row.public_id };
}

/** The first name or account of these lines that a workspace has here already, in words. */
export async function findTakenName(
  connection: Queryable,
  kind: RecordKind,
  lines: readonly string[],
): Promise<string | undefined> {
  const isBinding = kind.table === 'dialect_binding';
  const same = isBinding ? 'b.kind = l.kind and b.external_id = l."externalId"' : 'b.name = l.name';
  const [row] = await connection.query<{ name: string; slug: string }>(
    `select ${isBinding ? `b.kind || ' ' || b.external_id` : `'account ' || b.name`} || ' of ' || b.dialect as name, w.slug
       from json_to_recordset($1::text::json) as l (dialect text, kind text, "externalId" text, name text)
       join ${kind.table} b on b.dialect = l.dialect and ${same}
       join workspace w on w.id = b.workspace_id
      limit 1`,
    [`[${lines.join(',')}]`],
  );
  return row && `${row.name} is the workspace ${row.slug}'s`;
}

/** Whether keys wait to be spelt as they are now: the first start behind an upgrade does so. */
export async function hasKeysToRespell(connection: Queryable, workspaceId: WorkspaceId): Promise<boolean> {
  const rows = await connection.query('select 1 from key_respelling where workspace_id = $1', [workspaceId]);
  return rows.length > 0;
}
