/**
 * SQL of what a record shows, `{path: [value, …]}`, by the profile `alias` that names it: most records have one known profile, else it is
 * the value written last of each. `isMerged` says that there are more, where that is known already.
 */
export function shownAttributes(
  alias: string,
  isMerged = `exists (
    select from profile m
     where m.workspace_id = $1 and m.record_id = ${alias}.id and m.id <> ${alias}.id and not m.anonymous and m.deleted_at is null)`,
): string {
  return `(case when ${isMerged} then (
    select jsonb_object_agg(latest.key, latest.value) from (
      select distinct on (a.key) a.key, a.value
        from profile m cross join lateral jsonb_each(m.attributes) a
       where m.workspace_id = $1 and m.record_id = ${alias}.id and not m.anonymous and m.deleted_at is null
       order by a.key, (a.value ->> 1)::bigint desc
    ) latest
  ) else ${alias}.attributes end)`;
}
