import type { ConsentAuthor } from '../../../core/consent/consent.ts';
import { type AttributeChanges, type Attributes, attributeValues } from '../../../core/profile/attributes.ts';
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
  /** True: what a source says is noted also where it stands so already, since the node's order of sources goes by it. */
  readonly isRanked: boolean;
}

/** The changes of a write with what is noted of its source. A write that changes nothing, and notes nothing, has no author. */
export function withSource(
  changes: AttributeChanges,
  record: RecordView,
  { flat, rule, author, at, isRanked }: SourceWrite,
): AttributeChanges {
  const { values } = record;
  const sourceId = String(author.sourceId ?? author.userId);
  const first = values[registeredBy];
  if (first === undefined) return { ...changes, [registeredBy]: sourceId, [updatedBy]: sourceId };
  const isChanged = Object.keys(changes).length > 0;
  if (!isChanged && !isRanked) return changes;
  const noted: AttributeChanges = { ...changes, [updatedBy]: sourceId };
  const own = values[prefix + sourceId];
  const isAlone = !Object.keys(values).some((path) => path.startsWith(prefix));
  if (isAlone && first === sourceId) return isChanged ? noted : changes;
  const now = at.toISOString();
  const before = isCopy(own) ? own : { registeredAt: now, values: {} };
  const said = changeCustomer({ shown: before.values, values: before.values }, flat, rule);
  if (!isChanged && Object.keys(said).length === 0) return changes;
  if (isAlone) noted[`${prefix}${String(first)}`] = wholeCopy(record);
  noted[prefix + sourceId] = { ...before, updatedAt: now, values: { ...before.values, ...said } };
  return noted;
}

/** A profile, with the times when it was made and last edited. */
export interface WrittenProfile extends Pick<RecordView, 'createdAt' | 'updatedAt'> {
  readonly attributes: Attributes;
}

/**
 * The copies of the sources that have written to the profiles of a record, by source. Where one has written to several, the later write
 * counts.
 */
export function copiesOfProfiles(profiles: readonly WrittenProfile[]): Map<string, SourceCopy> {
  const copies = new Map<string, SourceCopy>();
  for (const { attributes, createdAt, updatedAt } of profiles) {
    const profile = { values: attributeValues(attributes), createdAt, updatedAt };
    for (const [sourceId, copy] of copiesOf(profile)) {
      const known = copies.get(sourceId);
      copies.set(sourceId, known ? joinCopies(known, copy) : copy);
    }
  }
  return copies;
}

/** Whether several sources have written to a profile. */
export function hasCopies(attributes: Attributes): boolean {
  for (const path in attributes) if (path.startsWith(prefix)) return true;
  return false;
}

type ProfileValues = Pick<RecordView, 'createdAt' | 'updatedAt'> & {
  readonly values: Readonly<Record<string, unknown>>;
};

/** The copies of the sources that have written to a profile, by source. */
function copiesOf(profile: ProfileValues): Map<string, SourceCopy> {
  const { values } = profile;
  const copies = new Map<string, SourceCopy>();
  for (const [path, value] of Object.entries(values))
    if (path.startsWith(prefix) && isCopy(value)) copies.set(path.slice(prefix.length), value);
  const first = values[registeredBy];
  if (copies.size === 0 && typeof first === 'string') copies.set(first, wholeCopy(profile));
  return copies;
}

/** What a source has said of two profiles of a record. */
function joinCopies(one: SourceCopy, other: SourceCopy): SourceCopy {
  const [earlier, later] = (one.updatedAt ?? '') > (other.updatedAt ?? '') ? [other, one] : [one, other];
  return { ...earlier, updatedAt: later.updatedAt, values: { ...earlier.values, ...later.values } };
}

function wholeCopy({ values, createdAt, updatedAt }: ProfileValues): SourceCopy {
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
