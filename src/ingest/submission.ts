import type { TouchpointFacts } from '../core/campaign/touchpoint.ts';
import type { FactType } from '../core/conversation/fact.ts';
import type { DedupeKey } from '../core/dedupe/dedupe.ts';
import type { DialectName } from '../core/dialect-name.ts';
import type { EventContext } from '../core/event/event.ts';
import type { IdentityKind, Key } from '../core/identity/identity.ts';
import type { MetricValue } from '../core/metric/metric.ts';
import type { MetricSetting } from '../core/metric/set-metric.ts';
import type { AttributeChanges } from '../core/profile/attributes.ts';
import type { Violation } from '../core/quarantine/quarantine.ts';
import type { Workspace } from '../core/workspace/workspace.ts';

/** One of the profiles that a command speaks of: how it is found, and what the command writes to it. */
export interface Facet {
  /** Its id, when the caller named it. Then keys are only added to it. */
  readonly profileId?: string;
  /** Keys within the node; the first that somebody has decides. */
  readonly keys: readonly Key[];
  /** Keys that the profile has without being found by them: an e-mail or phone, by which profiles of other nodes are the same person. */
  readonly contacts: readonly Key[];
  readonly anonymous: boolean;
  readonly expects: Expectation;
  /** True: profiles that the keys find beside the first are the same record (Webmarketer's discriminant fields). */
  readonly unitesKeys?: boolean;
  /** Keys of anonymous profiles that have waited for this one: they are bound to it, exclusively. */
  readonly adopts?: readonly Key[];
  /** Keys of the record that this anonymous profile stands in for: the oldest profile that has one already is taken instead. */
  readonly standsInFor?: readonly Key[];
  /**
   * For the second and later facets: this one belongs to the first facet's record.
   */
  readonly binding?: Binding;
  /** True: a value that is there stays; how many were kept so is counted (`value-kept`). */
  readonly fillsOnly?: boolean;
  /** Given the values and the remembered `states` as they are, what the command changes. Runs under the workspace's lock; pure. */
  readonly write?: (
    values: Record<string, unknown>,
    states: ReadonlyMap<string, unknown>,
  ) => AttributeChanges;
  /** Given the values of a profile that was there before: true refuses the command (`already-there`). Its keys have to be that profile's. */
  readonly refuses?: (values: Record<string, unknown>) => boolean;
  /** Paths with this prefix are subject to the first-value rules of profiles (spec/webengage.md B7, B8). */
  readonly lockedPrefix?: string;
  readonly rekeying?: Rekeying;
  /** Names of what the dialect remembers of this profile, and of its record (profile_state). */
  readonly states?: readonly string[];
}

export interface Binding {
  /** `when-new`: only when one of the two was unknown until now. */
  readonly when: 'always' | 'when-new';
  /**
   * `one-record`: it follows one record only, the one it was bound to first. `fields-agree`: likewise, but only where the records
   * have different values of a field (keys of the kind `field`). `any`: it makes one record of all that it is bound to.
   * `claimed-record`: as `one-record`, but said by a browser, without a key: it yields to what a key says, and stops at a cap
   * (core/link).
   */
  readonly follows: 'one-record' | 'claimed-record' | 'fields-agree' | 'any';
}

/**
 * Whom a facet is to find. `known`: a profile that is not there refuses the command (`no-such-profile`); `new`: one that is there does
 * (`key-taken`); `any`: one that is not there is made.
 */
export type Expectation = 'known' | 'new' | 'any';

/** Keys that follow from a profile's values. */
export interface Rekeying {
  /** Those that `keysOf` no longer makes of these kinds are taken away. */
  readonly kinds: readonly IdentityKind[];
  /** Given the values after the write: the keys that the profile has now, beside those of other kinds. */
  readonly keysOf: (values: Record<string, unknown>, states: ReadonlyMap<string, unknown>) => Key[];
  /** A key of this kind that another record of the node has refuses the command (`key-taken`). Its submission has to be `alone`. */
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
  /** The first value of each property settles its type, and 25 of a type are kept (spec/webengage.md B7, B8). */
  readonly locksAttributes?: boolean;
  /**
   * Of an event whose name a visitor made up: the type that takes it when the visitors' budget of types is spent, and the property
   * that then tells its name.
   */
  readonly catchAll?: { readonly type: string; readonly nameProperty: string };
  /**
   * It is a fact of its lead's conversations (core/conversation); the facet has to ask for the states `leadStateName` and
   * `leadNameState`.
   */
  readonly leadFact?: FactType;
  /** What can be known only once the profiles are found. Runs under the workspace's lock; pure. */
  readonly complete?: (resolution: Resolution) => Completion;
  /** Types of the events that `complete` may derive: another process may have made them. */
  readonly derivedTypes?: readonly string[];
}

/** What became of a command's facets. */
export interface Resolution {
  readonly facets: readonly {
    readonly profileId: string;
    /** True when this command made the profile. */
    readonly created: boolean;
    /** True when this command bound the profile to the first facet's. */
    readonly bound: boolean;
    /** After this command's write; empty unless the facet writes. */
    readonly values: Record<string, unknown>;
    readonly states: ReadonlyMap<string, unknown>;
  }[];
}

export interface Completion {
  readonly properties?: Record<string, unknown>;
  readonly detail?: Record<string, unknown>;
  /** Events that this one gives rise to, on the same profile. */
  readonly derived?: readonly Omit<EventPart, 'complete' | 'derivedTypes' | 'catchAll'>[];
  readonly states?: readonly { facet: number; name: string; value: unknown }[];
  /** Handed back in the outcome, for the reply. */
  readonly answer?: Record<string, unknown>;
}

/** A checked request for a change: to profiles, and mostly with an event. */
export interface Command {
  readonly kind: 'command';
  readonly nodeId: number;
  readonly facets: readonly Facet[];
  readonly event?: EventPart;
  /**
   * A contact with the brand that the first facet's profile had. The command's event tells of it; without one, the event of the
   * submission's first item.
   */
  readonly touchpoint?: TouchpointFacts;
  /** Attributes that the dialect's rules dropped or cut, by reason, for the accounting. */
  readonly droppedAttributes?: Readonly<Record<string, number>>;
  /**
   * Members of the body that are no field of the vendor's (core/accounting/unknown-members.ts): not kept, counted by name, and shown
   * with the event (`detail.dropped`).
   */
  readonly unknownMembers?: readonly string[];
}

/** What checking made of one item of a request. */
export type Prepared =
  | Command
  | {
      readonly kind: 'violation';
      readonly type: string | null;
      readonly occurredAt: number;
      readonly violation: Violation;
    }
  /** Sets a state or statistic of an event that is stored already. */
  | { readonly kind: 'metric'; readonly setting: MetricSetting }
  | { readonly kind: 'dropped'; readonly reason: string };

/** A request as the ingest takes it: one or several items that are stored, and answered, together. */
export interface Submission {
  readonly dialect: DialectName;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** The request's own key, where the vendor has one: a repeat stores nothing. */
  readonly dedupe?: DedupeKey;
  /** False for requests that carry no events (profile upserts): they stay out of the events' accounting. */
  readonly carriesEvents: boolean;
  /** True: who sent it had no key. Its events say so in their detail, and what it brings counts on budgets of its own. */
  readonly keyless?: boolean;
  /** Of the body, for the bounded queue. */
  readonly bytes: number;
  readonly size: number;
  /** Checks each item against the workspace's configuration. Pure: it runs again when the configuration has moved. */
  readonly prepare: (workspace: Workspace) => Prepared[];
  /** The JSON text of an item as it was sent, for the quarantine. */
  readonly raw: (index: number) => string | Uint8Array;
  /** What besides the body the dialect needs to read an item again. */
  readonly request: Record<string, unknown>;
  /** True: it is committed in a batch of its own, because what it may do follows from what others of a batch might change. */
  readonly alone?: boolean;
  /** The quarantined event that this is another attempt at. */
  readonly replayOf?: { readonly id: string };
}
