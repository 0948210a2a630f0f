import { explainRemedy, nameFault } from './explain-violation.ts';
import type { QuarantinedEvent } from './quarantine.ts';

/** What is changed so that a bad event fits: what is sent, or something of this workspace or server. */
export const changeKinds = [
  'sender',
  'event-type',
  'event-field',
  'event-types',
  'sources',
  'nodes',
  'setting',
  'server-log',
  'nothing',
] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** What to do about a bad event, and where. */
export interface Remedy {
  /** A sentence. */
  readonly text: string;
  readonly change: ChangeKind;
  /** The event type that is to be made or changed. */
  readonly type: string | null;
  /** The field of it. */
  readonly field: string | null;
  /** The path of the workspace's setting: `dialects.contacthub.events.viewedPage.enabled`. */
  readonly setting: string | null;
}

/** A place in what was sent at which it is wrong. */
export interface Fault {
  /** JSON pointer into the event as it was sent. */
  readonly path: string;
  /** What is wrong there, as a sentence. */
  readonly message: string;
}

/** As much of a bad event as says what to do about it; of several that are alike, what they have in common. */
export type Explained = Pick<QuarantinedEvent, 'dialect' | 'type' | 'rule' | 'path' | 'detail'>;

/** What a dialect knows better than the rule's own words; undefined where it does not. */
export interface Explainer {
  readonly faultsOf?: (event: Explained) => readonly Fault[] | undefined;
  readonly remedyOf?: (event: Explained) => Partial<Remedy> | undefined;
}

export function remedyFor(event: Explained, explainer: Explainer | undefined): Remedy {
  const { text, change } = explainRemedy(event.rule);
  const type = change === 'event-type' ? event.type : null;
  return { text, change, type, field: null, setting: null, ...explainer?.remedyOf?.(event) };
}

/** Every place at which an event is wrong; none where nobody can say which. */
export function faultsFor(event: Explained, explainer: Explainer | undefined): readonly Fault[] {
  const { rule, path } = event;
  return explainer?.faultsOf?.(event) ?? (path ? [{ path, message: nameFault(rule) }] : []);
}
