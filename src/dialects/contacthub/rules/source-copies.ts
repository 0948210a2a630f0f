import type { ConsentAuthor } from '../../../core/consent/consent.ts';
import type { AttributeChanges } from '../../../core/profile/attributes.ts';
import type { RecordView } from '../../../ingest/item.ts';
import type { FlatCustomer } from './customer-attributes.ts';
import { type CollectionRule, changeCustomer } from './customer-write.ts';

/**
 * What one source has said of a customer, whatever others have said since (docs/spec/contacthub.md A, customers' sources). The
 * copy is an attribute of the profile, `sources.<source>`. While one source alone has written to a profile, the profile is its copy and
 * none is kept; that is so of most.
 */
export interface SourceCopy {
  /** ISO 8601; null: not known. */
  readonly registeredAt: string | null;
  readonly updatedAt: string | null;
  /** By attribute path. */
  readonly values: Readonly<Record<string, unknown>>;
}

const prefix = 'sources.';
const registeredBy = 'sourceInfo.registeredBy';
const updatedBy = 'sourceInfo.updatedBy';

/** What a write says, and who says so, when. */
export interface SourceWrite {
  readonly flat: FlatCustomer;
  readonly rule: CollectionRule;
  readonly author: ConsentAuthor;
  readonly at: Date;
}

/** The changes of a write with what is noted of its source. A write that changes nothing has no author. */
export function withSource(
  changes: AttributeChanges,
  record: RecordView,
  { flat, rule, author, at }: SourceWrite,
): AttributeChanges {
  const { values } = record;
  const sourceId = String(author.sourceId ?? author.userId);
  const first = values[registeredBy];
  if (first === undefined) return { ...changes, [registeredBy]: sourceId, [updatedBy]: sourceId };
  if (Object.keys(changes).length === 0) return changes;
  const noted: AttributeChanges = { ...changes, [updatedBy]: sourceId };
  const own = values[prefix + sourceId];
  const isAlone = !Object.keys(values).some((path) => path.startsWith(prefix));
  if (isAlone && first === sourceId) return noted;
  if (isAlone) noted[`${prefix}${String(first)}`] = wholeCopy(record);
  const now = at.toISOString();
  const before = isCopy(own) ? own : { registeredAt: now, values: {} };
  const said = changeCustomer({ shown: before.values, values: before.values }, flat, rule);
  noted[prefix + sourceId] = { ...before, updatedAt: now, values: { ...before.values, ...said } };
  return noted;
}

type WrittenProfile = Pick<RecordView, 'createdAt' | 'updatedAt'> & {
  readonly values: Readonly<Record<string, unknown>>;
};

/** The copies of the sources that have written to a profile, by source. */
export function copiesOf(profile: WrittenProfile): Map<string, SourceCopy> {
  const { values } = profile;
  const copies = new Map<string, SourceCopy>();
  for (const [path, value] of Object.entries(values))
    if (path.startsWith(prefix) && isCopy(value)) copies.set(path.slice(prefix.length), value);
  const first = values[registeredBy];
  if (copies.size === 0 && typeof first === 'string') copies.set(first, wholeCopy(profile));
  return copies;
}

/** What a source has said of two profiles of a record. */
export function joinCopies(one: SourceCopy, other: SourceCopy): SourceCopy {
  const [earlier, later] = (one.updatedAt ?? '') > (other.updatedAt ?? '') ? [other, one] : [one, other];
  return { ...earlier, updatedAt: later.updatedAt, values: { ...earlier.values, ...later.values } };
}

function wholeCopy({ values, createdAt, updatedAt }: WrittenProfile): SourceCopy {
  return {
    registeredAt: createdAt?.toISOString() ?? null,
    updatedAt: updatedAt?.toISOString() ?? null,
    values: Object.fromEntries(
      Object.entries(values).filter(([path]) => !path.startsWith('sourceInfo.') && !path.startsWith(prefix)),
    ),
  };
}

function isCopy(value: unknown): value is SourceCopy {
  return typeof value === 'object' && value !== null && 'values' in value;
}
