import type { Attributes } from '../../../core/profile/attributes.ts';
import { nodeIdsOf, type Workspace } from '../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { overridingAttributes } from '../query/shown-values.ts';
import { extendedSchemaOf } from '../rules/extended-properties.ts';
import { hiddenPaths } from '../rules/hidden-properties.ts';
import type { WrittenProfile } from '../rules/source-copies.ts';
import { rankedSourcesOf } from '../rules/source-priority.ts';

/** What of records' shown form `deriveCustomers` can't know from the profiles, as its parameters $4 and $5. */
export type ShownRules = readonly [hidden: string, mergedValues: string];

/**
 * The condition and order by which rows are looked up by the index on a column. For `=` there is no order to give, and of a workspace that statistics
 * don't know yet the planner takes any index that begins with workspaces to be as good: each row then reads the whole workspace.
 */
export const lookedUpBy = (column: string, value: string) =>
  `workspace_id = $1 and ${column} between ${value} and ${value} order by ${column}`;

/** The ids of the profiles, and those of the records that they are part of, looked up one by one (`limit 1` keeps it so). */
export const namedRecords = (profileIds: string) => `
  select k.id from unnest(${profileIds}::text::uuid[]) as k (id)
   union
  select p.record_id from unnest(${profileIds}::text::uuid[]) as k (id)
   cross join lateral (select record_id from profile where ${lookedUpBy('id', 'k.id')} limit 1) p`;

/**
 * What a workspace does not show, and what goes over the values written last: by its merge rules in those records of the profiles that
 * have several, by its nodes' orders of sources in those of which several sources have told. Only where there is either does this ask
 * the database.
 */
export async function readShownRules(
  connection: Queryable,
  workspace: Workspace,
  profileIds: readonly string[],
): Promise<ShownRules> {
  const hidden = arrayLiteral([...hiddenPaths(workspace)]);
  const rankedNodes = nodeIdsOf(workspace, 'contacthub').filter((id) => {
    const node = workspace.nodes.get(id);
    return node && rankedSourcesOf(node).length > 0;
  });
  const hasRules = (extendedSchemaOf(workspace)?.mergeRules.size ?? 0) > 0;
  if (!hasRules && rankedNodes.length === 0) return [hidden, '{}'];
  const members = await connection.query<MemberRow>(
    `select m.record_id, m.node_id, m.attributes, m.created_at, m.updated_at from (${namedRecords('$2')}) n
      cross join lateral (
        select record_id, id, node_id, created_seq, attributes, created_at, updated_at, count(*) over () as members from profile
         where workspace_id = $1 and record_id = n.id and not anonymous and deleted_at is null offset 0
      ) m
      where m.members > 1
         or (m.node_id = any($3::text::integer[])
             and exists (select from jsonb_object_keys(m.attributes) as k (path) where k.path like 'sources.%'))
      order by m.record_id, (m.id = m.record_id) desc, m.created_seq`,
    [workspace.id, arrayLiteral(profileIds), arrayLiteral(rankedNodes)],
  );
  const overriding = [...Map.groupBy(members, (member) => member.record_id)].map(
    ([recordId, rows]) =>
      [recordId, overridingAttributes(rows.map(profileOf), workspace, rows[0]?.node_id ?? 0)] as const,
  );
  const known = overriding.filter(([, attributes]) => Object.keys(attributes).length > 0);
  return [hidden, JSON.stringify(Object.fromEntries(known))];
}

interface MemberRow {
  readonly record_id: string;
  readonly node_id: number;
  readonly attributes: Attributes;
  readonly created_at: Date;
  readonly updated_at: Date;
}

function profileOf({ attributes, created_at, updated_at }: MemberRow): WrittenProfile {
  return { attributes, createdAt: created_at, updatedAt: updated_at };
}
