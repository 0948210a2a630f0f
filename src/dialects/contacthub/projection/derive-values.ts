import type { Workspace } from '../../../core/workspace/workspace.ts';
import { arrayLiteral } from '../../../store/parameters.ts';
import { placeInAttributes } from '../rules/customer-shape.ts';
import { extendedSchemaOf } from '../rules/extended-properties.ts';

/** Of a text so many characters stand in customer_value: what an entry of an index has room for. */
export const indexedCharacters = 500;

/** The columns of customer_value, in the order in which `deriveValues` gives them. */
export const valueColumns = 'workspace_id, record_id, node_id, property, number, text';

/** The number that stands in customer_value for a property. Of 64 bits, so that two of a workspace practically never share one. */
export const propertyTerm = (path: string) => `hashtextextended(${path}, 0)`;

const isOf = (type: 'number' | 'string') => `jsonb_typeof(v.value) = '${type}'`;

/** SQL of the parameters that `indexedProperties` gives. */
export type PropertyParameters = readonly [paths: string, places: string];

/** As statements about records of profiles have them. */
export const behindShownRules: PropertyParameters = ['$6', '$7'];

/**
 * SQL of the rows of customer_value of the records `records`, which are rows of customer_index with what each shows as `attributes`: of the
 * properties at `paths`, which are at `places` in what the records show.
 */
export function deriveValues(records: string, [paths, places]: PropertyParameters): string {
  return `
    select d.workspace_id, d.record_id, d.node_id, ${propertyTerm('m.path')} as property,
           case when ${isOf('number')} then v.value::numeric end as number,
           case when ${isOf('string')} then left(v.value #>> '{}', ${indexedCharacters}) end collate "C" as text
      from ${records} d
     cross join unnest(${paths}::text::text[], ${places}::text::text[]) as m (path, place)
     cross join lateral (select d.attributes #> m.place::text[] as value offset 0) v
     where ${isOf('number')} or ${isOf('string')}`;
}

/** Whether the workspace has marked any: else there is nothing to derive. */
export function hasIndexedProperties(workspace: Workspace): boolean {
  return (extendedSchemaOf(workspace)?.indexed.size ?? 0) > 0;
}

/** What `deriveValues` needs to know: what the workspace has marked as indexed. */
export function indexedProperties(workspace: Workspace): readonly [paths: string, places: string] {
  const paths = [...(extendedSchemaOf(workspace)?.indexed ?? [])];
  return [arrayLiteral(paths), arrayLiteral(paths.map((path) => arrayLiteral(placeInAttributes(path))))];
}
