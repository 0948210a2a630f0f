import { attributeValues } from '../../../core/profile/attributes.ts';
import type { Profile } from '../../../core/profile/profile-store.ts';
import { isRecord } from '../../../core/value/text.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { isNumber, plainDigits } from '../../../json/exact-number.ts';
import { arrayLiteral, joinDocuments } from '../../../store/parameters.ts';
import type { Queryable } from '../../../store/queryable.ts';
import { customerDefaults } from '../rules/customer-shape.ts';
import { withoutHidden } from '../rules/hidden-properties.ts';
import { addDifference, countedColumns } from './count-customers.ts';
import { changingColumns, customerColumns } from './derive-customers.ts';
import {
  attributeColumns,
  subscriptionMembers,
  subscriptions,
  termSalt,
  unindexedAttributes,
} from './indexed-values.ts';
import { zoneOf, zoneParameters } from './local-day.ts';

const names = [...attributeColumns.values()];
const changes = changingColumns.map((column) => `${column} = excluded.${column}`).join(', ');

const known = `, known as materialized (
    select k.* from given g
     cross join lateral (
       select ${countedColumns} from customer_index c where c.workspace_id = $1 and c.record_id = g.record_id limit 1) k
  )`;

/** The attributes' columns begin at $6; behind them and the terms comes the zone. Of who is new nothing is there to be looked for. */
const writeOf = (areNew: boolean) => `
  with zone as materialized (${zoneOf(7 + names.length)}), given as materialized (
    select c.* from unnest($2::text::uuid[], $3::text::integer[], $4::text::timestamptz[], $5::text::timestamptz[],
             ${names.map((_, index) => `$${6 + index}::text::text[]`).join(', ')}, string_to_array($${6 + names.length}::text, E'\\x1e')::json[])
           as c (record_id, node_id, registered_at, updated_at, ${names.join(', ')}, terms)
  )${areNew ? '' : known}, written as (
    insert into customer_index (${customerColumns})
    select h.workspace_id, g.record_id, g.node_id, g.registered_at, g.updated_at, false, null::jsonb, ${names.map((name) => `g.${name}`).join(', ')},
           array(select hashtextextended(t.text, ${termSalt('h.workspace_id', 'g.node_id')}) from json_array_elements_text(g.terms) as t (text) order by 1)
      from workspace_head h, given g where h.workspace_id = $1
    ${areNew ? '' : `on conflict (workspace_id, record_id) do update set ${changes}`}
  ), ${addDifference('given', areNew ? undefined : 'known')}`;
const writeNew = writeOf(true);
const writeKnown = writeOf(false);

/**
 * Writes the rows of records that are one known profile each, by what is at hand of them: the same that `deriveCustomers` makes of what is
 * stored, at a fraction of its time. `areNew`: none of them has a row. Under the head lock.
 */
export function writeCustomers(
  connection: Queryable,
  workspace: Workspace,
  profiles: readonly Profile[],
  areNew: boolean,
): Promise<unknown> {
  const values = profiles.map(({ attributes }) => withoutHidden(attributeValues(attributes), workspace));
  return connection.query(areNew ? writeNew : writeKnown, [
    workspace.id,
    arrayLiteral(profiles.map(({ id }) => id)),
    arrayLiteral(profiles.map(({ nodeId }) => nodeId)),
    arrayLiteral(profiles.map(({ createdAt }) => createdAt.toISOString())),
    arrayLiteral(profiles.map(({ updatedAt }) => updatedAt.toISOString())),
    ...[...attributeColumns.keys()].map((path) => arrayLiteral(values.map((one) => columnText(one[path])))),
    joinDocuments(values.map((one) => JSON.stringify(termTexts(one)))),
    ...zoneParameters(workspace.timezone),
  ]);
}

function columnText(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

/** The texts whose numbers stand in `terms`, for what is shown. */
function termTexts(values: Readonly<Record<string, unknown>>): string[] {
  const texts: string[] = [];
  for (const path in customerDefaults) if (!(path in values)) addTerms(texts, path, customerDefaults[path]);
  for (const path in values) {
    if (unindexedAttributes.includes(path)) continue;
    const value = values[path];
    if (Array.isArray(value)) for (const item of value) addTerms(texts, path, item);
    else addTerms(texts, path, value);
  }
  const items = values[subscriptions];
  for (const item of Array.isArray(items) ? items : [])
    if (isRecord(item))
      for (const member of subscriptionMembers) addTerms(texts, `${subscriptions}.${member}`, item[member]);
  return texts;
}

/** As `valueTerm` and `knownTerm` have them. */
function addTerms(texts: string[], path: string, value: unknown): void {
  if (value === null || value === undefined) return;
  const text = scalarText(value);
  if (text !== undefined) texts.push(`${path}=${text}`);
  if (!attributeColumns.has(path)) texts.push(path);
}

function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean') return String(value);
  return isNumber(value) ? plainDigits(value) : undefined;
}
