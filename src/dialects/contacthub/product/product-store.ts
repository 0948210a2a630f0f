import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import { readJson } from '../../../json/read-json.ts';
import { arrayLiteral, joinDocuments } from '../../../store/parameters.ts';
import type { Queryable } from '../../../store/queryable.ts';

/** What is known of a product: what was said last. */
export interface KnownProduct {
  readonly members: Readonly<Record<string, unknown>>;
  readonly extended: Readonly<Record<string, unknown>>;
  /** By member, an extended one as `extended.<name>`: the seq of what said it. */
  readonly saidAt: Readonly<Record<string, number>>;
}

/** What a write says of a product. */
export interface ProductRow extends KnownProduct {
  readonly id: string;
}

/** A product as it is stored; its documents as text, so that numbers keep their digits. */
export interface StoredProduct {
  readonly id: string;
  readonly members: string;
  readonly extended: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Adds products, and to those that are there what is said of them now. */
export async function upsertProducts(
  connection: Queryable,
  workspaceId: WorkspaceId,
  products: readonly ProductRow[],
  now: Date,
): Promise<void> {
  await connection.query(
    `insert into product (workspace_id, id, members, extended, said_at, created_at, updated_at)
     select h.workspace_id, p.*, $6::timestamptz, $6::timestamptz
       from workspace_head h,
            unnest($2::text::text[], string_to_array($3, E'\\x1e')::jsonb[], string_to_array($4, E'\\x1e')::jsonb[],
                   string_to_array($5, E'\\x1e')::jsonb[]) as p
      where h.workspace_id = $1
     on conflict (workspace_id, id) do update
        set members = product.members || excluded.members, extended = product.extended || excluded.extended,
            said_at = product.said_at || excluded.said_at, updated_at = excluded.updated_at`,
    [
      workspaceId,
      arrayLiteral(products.map(({ id }) => id)),
      joinDocuments(products.map(({ members }) => JSON.stringify(members))),
      joinDocuments(products.map(({ extended }) => JSON.stringify(extended))),
      joinDocuments(products.map(({ saidAt }) => JSON.stringify(saidAt))),
      now,
    ],
  );
}

/** What is known of those that are there, by product. */
export async function readKnown(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<Map<string, KnownProduct>> {
  const rows = await connection.query<{
    id: string;
    members: string;
    extended: string;
    said_at: Record<string, number>;
  }>(
    `select id, members::text as members, extended::text as extended, said_at from product
      where workspace_id = $1 and id = any($2::text::text[])`,
    [workspaceId, arrayLiteral(ids)],
  );
  return new Map(
    rows.map(({ id, members, extended, said_at: saidAt }) => [
      id,
      {
        members: readJson(members) as Record<string, unknown>,
        extended: readJson(extended) as Record<string, unknown>,
        saidAt,
      },
    ]),
  );
}

const columns = 'id, members::text as members, extended::text as extended, created_at, updated_at';

interface Row {
  readonly id: string;
  readonly members: string;
  readonly extended: string;
  readonly created_at: Date;
  readonly updated_at: Date;
}

/** So many products in the order of their ids, behind the one of this id. */
export async function listProducts(
  connection: Queryable,
  workspaceId: WorkspaceId,
  after: string,
  limit: number,
): Promise<StoredProduct[]> {
  const rows = await connection.query<Row>(
    `select ${columns} from product where workspace_id = $1 and id > $2::text order by id limit $3::bigint`,
    [workspaceId, after, limit],
  );
  return rows.map(productFromRow);
}

export async function readProduct(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
): Promise<StoredProduct | undefined> {
  const [row] = await connection.query<Row>(
    `select ${columns} from product where workspace_id = $1 and id = $2::text`,
    [workspaceId, id],
  );
  return row && productFromRow(row);
}

function productFromRow(row: Row): StoredProduct {
  const { id, members, extended, created_at: createdAt, updated_at: updatedAt } = row;
  return { id, members, extended, createdAt, updatedAt };
}
