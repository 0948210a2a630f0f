import { isRecord } from '../../../../core/value/text.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { readJson } from '../../../../json/read-json.ts';
import { formatVendorDate } from '../../documents/dates.ts';
import type { ShownRecord } from '../../query/record.ts';
import { shownValues } from '../../query/shown-values.ts';
import { nestCustomer, writeCustomerMembers } from '../../rules/customer-attributes.ts';
import { withoutHidden } from '../../rules/hidden-properties.ts';
import { copiesOfProfiles } from '../../rules/source-copies.ts';

/** The vendor's numbers of what has become of a customer. */
export const removalNumbers = { deleted: 1, forgotten: -1 } as const;

/**
 * A customer in full (docs/spec/contacthub.md B), as JSON: its one form, of which each reply is made. Explicit nulls, empty lists, dates that
 * every client parses.
 */
export function writeCustomer(record: ShownRecord, workspace: Workspace): string {
  const { removal, values } = record;
  // The members of its shape stand between these, in the vendor's order; the node behind the customer's own id.
  const [externalId, ...members] = writeCustomerMembers(shownValues(record, workspace));
  const nodeId = JSON.stringify(workspace.nodes.get(record.nodeId)?.publicId ?? null);
  return (
    `{"id":"${record.id}","intId":${record.createdSeq},${externalId},"nodeId":${nodeId},${members.join(',')}` +
    `,"registeredAt":"${formatVendorDate(record.createdAt)}","updatedAt":"${formatVendorDate(record.updatedAt)}"` +
    `,"version":${record.version},"deleted":${removal ? removalNumbers[removal] : 0}` +
    `,"sourceInfo":{"registeredBy":${JSON.stringify(values['sourceInfo.registeredBy'] ?? null)}` +
    `,"updatedBy":${JSON.stringify(values['sourceInfo.updatedBy'] ?? null)}}}`
  );
}

/** The same, to look into. */
export function presentCustomer(record: ShownRecord, workspace: Workspace): Record<string, unknown> {
  return readJson(writeCustomer(record, workspace)) as Record<string, unknown>;
}

/** What each source has said of a customer (Y51 SourceCustomer). */
export function presentSourceCopies(record: ShownRecord, workspace: Workspace) {
  const nodeId = workspace.nodes.get(record.nodeId)?.publicId ?? null;
  return [...copiesOfProfiles(record.profiles)].map(([id, { registeredAt, updatedAt, values }]) => ({
    id,
    nodeId,
    ...nestCustomer(withoutHidden(values, workspace)),
    registeredAt: registeredAt && formatVendorDate(new Date(registeredAt)),
    updatedAt: updatedAt && formatVendorDate(new Date(updatedAt)),
  }));
}

const maximumFields = 200;

/**
 * The id and what `fields` names, by dotted paths. What stands beside it in the same part is there as null: one client reads it
 * without looking, another drops all nulls (docs/spec/contacthub.md B, E).
 */
export function selectFields(customer: Record<string, unknown>, fields: string): Record<string, unknown> {
  const selected: Record<string, unknown> = { id: customer.id };
  for (const field of fields.split(',', maximumFields))
    selectPath(customer, field.trim().split('.'), selected);
  return selected;
}

function selectPath(
  from: Record<string, unknown>,
  [name = '', ...rest]: readonly string[],
  into: Record<string, unknown>,
): void {
  if (!Object.hasOwn(from, name)) return;
  const value = from[name];
  if (rest.length === 0 || !isRecord(value)) {
    into[name] = value;
    return;
  }
  const known = Object.hasOwn(into, name) ? into[name] : null;
  const inner = (known ?? Object.fromEntries(Object.keys(value).map((key) => [key, null]))) as Record<
    string,
    unknown
  >;
  into[name] = inner;
  if (inner !== value) selectPath(value, rest, inner);
}
