import { customerDefaults } from '../rules/customer-shape.ts';

/** SQL of what `shownAttributes` needs to know of a record. */
export interface ShownParts {
  /** Whether it has several known profiles. */
  readonly isMerged: string;
  /** What goes over the values that were written last (`overridingAttributes`), or null. */
  readonly mergedValues: string;
  /** Paths of attributes that are not shown. */
  readonly hidden: string;
}

/** SQL of what is shown where nothing was written, in the form of attributes. */
export const defaultAttributes = `'${JSON.stringify(
  Object.fromEntries(Object.entries(customerDefaults).map(([path, value]) => [path, [value]])),
)}'::jsonb`;

/**
 * SQL of what a record shows, `{path: [value, …]}`, by the profile `alias` that names it: most records have one known profile, else it is
 * the value written last of each, where neither merge rules nor the order of the node's sources say otherwise. `shownValues` says the
 * same of a record that was read.
 */
export function shownAttributes(alias: string, { isMerged, mergedValues, hidden }: ShownParts): string {
  return `((case when ${isMerged} then (
    select jsonb_object_agg(latest.key, latest.value) from (
      select distinct on (a.key) a.key, a.value
        from profile m cross join lateral jsonb_each(m.attributes) a
       where m.workspace_id = $1 and m.record_id = ${alias}.id and not m.anonymous and m.deleted_at is null
       order by a.key, (a.value ->> 1)::bigint desc
    ) latest
  ) || coalesce(${mergedValues}, '{}')
    when (${mergedValues}) is null then ${alias}.attributes
    else ${alias}.attributes || (${mergedValues}) end) - ${hidden})`;
}
