import type { Attributes } from '../../../core/profile/attributes.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { mergeByRules } from '../query/shown-values.ts';
import { extendedSchemaOf } from '../rules/extended-properties.ts';

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
 * What the workspace's schema of extended properties hides, and what its merge rules make of those records of the profiles that have
 * several. Only where there are such rules does this ask the database.
 */
export async function readShownRules(
  connection: Queryable,
  workspace: Workspace,
  profileIds: readonly string[],
): Promise<ShownRules> {
  const schema = extendedSchemaOf(workspace);
  const hidden = arrayLiteral([...(schema?.disabled ?? [])]);
  if (!schema || schema.mergeRules.size === 0) return [hidden, '{}'];
  const members = await connection.query<{ record_id: string; attributes: Attributes }>(
    `select m.record_id, m.attributes from (${namedRecords('$2')}) n
      cross join lateral (
        select record_id, id, created_seq, attributes, count(*) over () as members from profile
         where workspace_id = $1 and record_id = n.id and not anonymous and deleted_at is null offset 0
      ) m
      where m.members > 1
      order by m.record_id, (m.id = m.record_id) desc, m.created_seq`,
    [workspace.id, arrayLiteral(profileIds)],
  );
  const merged = [...Map.groupBy(members, (member) => member.record_id)].map(
    ([recordId, profiles]) => [recordId, mergeByRules(profiles, schema.mergeRules)] as const,
  );
  const known = merged.filter(([, attributes]) => Object.keys(attributes).length > 0);
  return [hidden, JSON.stringify(Object.fromEntries(known))];
}
