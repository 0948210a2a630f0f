import type { TouchpointFacts } from '../core/campaign/touchpoint.ts';
import type { ConsentChange } from '../core/consent/consent.ts';
import type { EventContext } from '../core/event/event.ts';
import type { IdentityKind, Key } from '../core/identity/identity.ts';
import type { MeasuredEventRow } from '../core/metric/measured-event-store.ts';
import type { MetricSet, MetricValue } from '../core/metric/metric.ts';
import type { AttributeChanges } from '../core/profile/attributes.ts';
import type { Violation } from '../core/quarantine/quarantine.ts';
import type { InBatchProjection } from '../projections/projection.ts';

/** Whom an item speaks of. */
export type Subject = NamedSubject | KeyedSubject;

/** Somebody whom the caller named by the profile's id. One that is not there refuses the item (`no-such-profile`). */
export interface NamedSubject extends Remembering {
  readonly profileId: string;
  /** As of a keyed subject; they are added to the profile. */
  readonly contacts?: readonly Key[];
  readonly adopts?: readonly Key[];
}

/** Somebody who is found by keys within the item's node, the first that somebody has; or made. */
export interface KeyedSubject extends Remembering {
  readonly keys: readonly Key[];
  /** Keys that the profile has without being found by them: an e-mail or phone, by which profiles of other nodes are the same person. */
  readonly contacts: readonly Key[];
  readonly anonymous: boolean;
  /**
   * Whom the keys are to find. `known`: nobody refuses the item (`no-such-profile`); `new`: somebody does (`key-taken`); `any`: nobody
   * is made.
   */
  readonly expects: 'known' | 'new' | 'any';
  /** True: profiles that the keys find beside the first are the same record (Webmarketer's discriminant fields). */
  readonly unitesKeys?: boolean;
  /** Keys of anonymous profiles that have waited for this one: they are bound to it, exclusively. */
  readonly adopts?: readonly Key[];
  /** Keys of the record that this anonymous profile stands in for: the oldest profile that has one already is taken instead. */
  readonly standsInFor?: readonly Key[];
  /** Keys that the sender named somebody by, and that find nobody. What speaks of somebody who was forgotten is told by them, too. */
  readonly namedBy?: readonly Key[];
}

/** An anonymous profile beside the subject, that may belong to the subject's record: a session, a browser. Made where it is unknown. */
export interface Companion extends Remembering {
  readonly keys: readonly Key[];
  readonly binding: Binding;
}

export interface Binding {
  /** `when-new`: only when one of the two was unknown until now. */
  readonly when: 'always' | 'when-new';
  /**
   * `one-record`: it follows one record only, the one it was bound to first. `fields-agree`: likewise, but only where the records
   * have different values of a field (keys of the kind `field`). `claimed-record`: as `one-record`, but said by a browser, without a
   * key: it yields to what a key says, and stops at a cap (core/link).
   */
  readonly follows: 'one-record' | 'claimed-record' | 'fields-agree';
}

interface Remembering {
  /** Names of what the dialect remembers of this profile, and of its record (profile_state). */
  readonly states?: readonly string[];
}

/** A profile as it was before an item. */
export interface ProfileView {
  readonly values: Record<string, unknown>;
  readonly states: ReadonlyMap<string, unknown>;
}

/** A profile within what the vendor's API shows, as it was before an item; read as it stands under the workspace's lock, though it may be ahead of it (foresight.ts). */
export interface RecordView extends ProfileView {
  /** False: it is made by this item. */
  readonly exists: boolean;
  /** What is shown: of each attribute the value that was written last to any of the record's known profiles. */
  readonly shown: Record<string, unknown>;
  /** Goes up with each edit of any of them. */
  readonly version: number;
  /** The profile that names the record. */
  readonly recordId: string;
  /** When the profile was made and last edited; null: it is made by this item. */
  readonly createdAt: Date | null;
  readonly updatedAt: Date | null;
}

/** Keys that follow from a profile's values. */
export interface KeyRule {
  /** Those that `of` no longer makes of these kinds are taken away. */
  readonly kinds: readonly IdentityKind[];
  /** Given the profile's own values after the write: the keys that it has now, beside those of other kinds. */
  readonly of: (values: Record<string, unknown>, states: ReadonlyMap<string, unknown>) => readonly Key[];
}

/** What is wrong in a request, and where: a JSON pointer into it. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

/**
 * Why an edit is not done: the profile has already what it was to give, or has not what it was to change; it conflicts with what is there;
 * or nothing is written there for a while (a node whose keys are made anew).
 */
export type EditRefusal = 'already-there' | 'not-there' | 'conflict' | 'closed';

/** What an edit comes to: pure, from the record as it is under the lock. */
export type Edit =
  | {
      readonly kind: 'refused';
      readonly reason: EditRefusal;
      /** What of it is wrong, for the reply. */
      readonly faults?: readonly Fault[];
    }
  | {
      readonly kind: 'edited';
      readonly changes: AttributeChanges;
      /** What of it is a consent's, for the log. */
      readonly consents?: readonly ConsentChange[];
      /** Handed back in the outcome, for the reply. */
      readonly answer?: Readonly<Record<string, unknown>>;
    };

interface Item {
  readonly nodeId: number;
  readonly subject: Subject;
  readonly companions?: readonly Companion[];
  /** By what the subject is found once it is written. */
  readonly keyRule?: KeyRule;
  /** Written paths with this prefix are subject to the first-value rules of profiles (docs/spec/webengage.md B7, B8). */
  readonly lockedPrefix?: string;
  /** A contact with the brand that the subject had. An event's item tells of it; an edit's, the event of the submission's first item. */
  readonly touchpoint?: TouchpointFacts;
  /** Attributes that the dialect's rules dropped or cut, by reason, for the accounting. */
  readonly droppedAttributes?: Readonly<Record<string, number>>;
  /**
   * Members of the body that are no field of the vendor's (core/accounting/unknown-members.ts): not kept, counted by name, and shown
   * with the event (`detail.dropped`).
   */
  readonly unknownMembers?: readonly string[];
}

/** Where in the body that is kept of a bad event its parts stand, as JSON pointers; a part that is not named is looked for at its root. */
export interface EventPlaces {
  readonly type?: string;
  readonly occurredAt?: string;
  readonly properties?: string;
}

/** An event of somebody, with what it writes to the profile that it is stored on. */
export interface EventItem extends Item {
  readonly kind: 'event';
  readonly event: EventPart;
  /** So that a fault which the engine finds is told by its place in what was sent. */
  readonly places?: EventPlaces;
  /** What it changes of the profile. Goes by what stands under the workspace's lock; pure. */
  readonly write?: (profile: ProfileView) => AttributeChanges;
  /**
   * Why the event is not to be stored, by the subject's record as it is then; undefined: it is. What is withheld counts as dropped, and
   * leaves nothing. Goes by what stands under the workspace's lock; pure.
   */
  readonly withhold?: (record: RecordView) => string | undefined;
  /** True: a value that is there stays; how many were kept so is counted (`value-kept`). */
  readonly fillsOnly?: boolean;
}

/** A change to somebody without an event. */
export interface EditItem extends Item {
  readonly kind: 'edit';
  /** Absent: the subject is only found or made, and its companions bound to it. */
  readonly edit?: (record: RecordView) => Edit;
  /**
   * A kind of key that the edit may give the profile, and that one record of the node alone may have: another's refuses the item
   * (`key-taken`). Who may have one follows from all that came before, so such an item is committed in a batch of its own.
   */
  readonly uniqueKind?: IdentityKind;
}

export interface EventPart {
  readonly type: string;
  /** The version of the type's definition that the event was checked by; null where there is none. */
  readonly typeVersion: number | null;
  /** Milliseconds since the epoch. */
  readonly occurredAt: number;
  readonly sourceId: number | null;
  readonly context: EventContext | null;
  readonly properties: Record<string, unknown>;
  readonly detail: Record<string, unknown> | null;
  readonly metrics: readonly MetricValue[];
  /** The first value of each property settles its type, and 25 of a type are kept (docs/spec/webengage.md B7, B8). */
  readonly locksAttributes?: boolean;
  /**
   * Of an event whose name a visitor made up: the type that takes it when the visitors' budget of types is spent, and the property
   * that then tells its name.
   */
  readonly catchAll?: { readonly type: string; readonly nameProperty: string };
  /** What else is kept up with each such event. */
  readonly projections?: readonly InBatchProjection[];
  /** What can be known only once the profiles are found. Goes by what stands under the workspace's lock; pure. */
  readonly complete?: (resolution: Resolution) => Completion;
  /** Types of the events that `complete` may derive: another process may have made them. */
  readonly derivedTypes?: readonly string[];
}

/** What became of an item's profiles. */
export interface Resolution {
  readonly subject: ResolvedView;
  readonly companions: readonly ResolvedView[];
}

export interface ResolvedView {
  readonly profileId: string;
  /** True when this item made the profile. */
  readonly created: boolean;
  /** True when this item bound the profile to the subject. */
  readonly bound: boolean;
  readonly states: ReadonlyMap<string, unknown>;
}

export interface Completion {
  readonly properties?: Record<string, unknown>;
  readonly detail?: Record<string, unknown>;
  /** Events that this one gives rise to, on the same profile. */
  readonly derived?: readonly Omit<EventPart, 'complete' | 'derivedTypes' | 'catchAll'>[];
  /** What is remembered from now on, of the profile of that id. */
  readonly states?: readonly { readonly profileId: string; readonly name: string; readonly value: unknown }[];
  /** Handed back in the outcome, for the reply. */
  readonly answer?: Record<string, unknown>;
}

/** Sets a metric of an event of the submission's dialect that is stored already. */
export interface MetricItem {
  readonly kind: 'metric';
  readonly eventId: string;
  /** Of the metrics that `set` may give. */
  readonly keys: readonly string[];
  /** As it was sent. */
  readonly raw: unknown;
  /** ISO 4217, where the value is an amount that names its own. */
  readonly currency: string | null;
  /** Since when it holds, in milliseconds since the epoch. */
  readonly occurredAt: number;
  /** Given the definition that the event was checked by, null where there is none. Goes by what stands under the workspace's lock; pure. */
  readonly set: (
    event: MeasuredEventRow,
    definition: Record<string, unknown> | null,
  ) => MetricSet | 'no-such-metric' | 'invalid-metric';
}

/** What checking made of one item of a request. */
export type Prepared =
  | EventItem
  | EditItem
  | {
      readonly kind: 'violation';
      readonly type: string | null;
      readonly occurredAt: number;
      readonly violation: Violation;
    }
  | MetricItem
  | { readonly kind: 'dropped'; readonly reason: string };
