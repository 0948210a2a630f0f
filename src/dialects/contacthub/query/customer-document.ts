import { type Condition, conditionPaths } from './condition.ts';
import type { RecordSource } from './record-source.ts';
import { defaultAttributes, shownAttributes } from './shown-attributes.ts';

/** In the form in which replies have it. */
const instant = (column: string) =>
  `jsonb_build_array(to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"+0000"'))`;

/** What is no attribute but can be asked for, of the row `c` of customer_index and the profile `p` that names its record. */
const systemValues = ({ version }: RecordSource): Readonly<Record<string, string>> => ({
  id: 'jsonb_build_array(p.id)',
  intId: 'jsonb_build_array(p.created_seq)',
  version,
  registeredAt: instant('c.registered_at'),
  updatedAt: instant('c.updated_at'),
  deleted: 'jsonb_build_array(0)',
});

/** Of the row `c`, in a statement that has the paths that are not shown as `hidden.paths`. */
const shown = {
  isMerged: 'c.merged',
  mergedValues: 'c.merged_values',
  hidden: '(select paths from hidden)',
};

/** SQL of what the record of the row `c` of customer_index shows, `{path: [value, …]}`; of what is no attribute, only what is asked for. */
export function customerDocument(paths: readonly string[], source: RecordSource): string {
  const system = systemValues(source);
  const asked = [...new Set(paths)].filter((path) => Object.hasOwn(system, path));
  const parts = [defaultAttributes, shownAttributes('p', shown)];
  if (asked.length > 0)
    parts.push(`jsonb_build_object(${asked.map((path) => `'${path}', ${system[path]}`).join(', ')})`);
  return `(select ${parts.join(' || ')} from ${source.profiles} p where p.workspace_id = $1 and p.id = c.record_id)`;
}

export function documentOf(condition: Condition, source: RecordSource): string {
  return customerDocument(conditionPaths(condition), source);
}
