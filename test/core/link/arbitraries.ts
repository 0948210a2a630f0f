import type { Key } from '../../../src/core/identity/identity.ts';
import fc from '../../helpers/fast-check.ts';
import { nodes } from '../../ingest/engine.ts';
import type { CompanionPlan, Step, SubjectPlan } from './replay.ts';

const key = (kind: Key['kind'], values: number): fc.Arbitrary<Key> =>
  fc.integer({ min: 1, max: values }).map((value) => ({ kind, value: `${kind}-${value}` }));
const contacts = fc.uniqueArray(fc.oneof(key('email', 2), key('phone', 2)), {
  maxLength: 2,
  selector: ({ kind }) => kind,
});
const write = fc.dictionary(fc.constantFrom('city', 'name'), fc.constantFrom('x', 'y', 'z'), { maxKeys: 2 });
const known: fc.Arbitrary<SubjectPlan> = fc.record({
  keys: fc.oneof(
    fc.tuple(key('user', 3)),
    fc.tuple(key('email', 2)),
    fc.tuple(key('user', 3), key('external', 2)),
    fc.tuple(key('email', 2), key('external', 2), key('user', 3)),
  ),
  contacts,
  anonymous: fc.constant(false),
  unitesKeys: fc.boolean(),
  write,
});
const fieldKey = (field: string) =>
  fc.integer({ min: 1, max: 3 }).map((value): Key => ({ kind: 'field', value: `${field}\n${value}` }));
/** Known by discriminant fields, as Webmarketer's users are. */
const knownByFields: fc.Arbitrary<SubjectPlan> = fc.record({
  keys: fc.oneof(
    { weight: 3, arbitrary: fc.tuple(fieldKey('mail')) },
    { weight: 2, arbitrary: fc.tuple(fieldKey('call')) },
    { weight: 1, arbitrary: fc.tuple(fieldKey('mail'), fieldKey('call')) },
  ),
  contacts,
  anonymous: fc.constant(false),
  unitesKeys: fc.constant(true),
  write,
});
/** A kind of anonymous key binds in one way, as it does in every dialect. */
const companion = (kind: 'session' | 'tracker', binding: fc.Arbitrary<CompanionPlan['binding']>) =>
  fc.record<CompanionPlan>({ keys: fc.tuple(key(kind, 3)), binding });
const bound = companion(
  'session',
  fc.record({
    when: fc.constantFrom('always' as const, 'when-new' as const),
    follows: fc.constantFrom('one-record' as const, 'claimed-record' as const),
  }),
);
const tracker = companion('tracker', fc.constant({ when: 'when-new', follows: 'fields-agree' }));
const unbound = fc.record<SubjectPlan>({
  keys: fc.tuple(fc.oneof(key('session', 3), key('visitor', 3))),
  contacts: fc.constant([]),
  anonymous: fc.constant(true),
  unitesKeys: fc.constant(false),
  write,
});
const alone = fc.constant(null);

/** What comes in at some nodes. */
export const eventAt = (...nodeIds: number[]) =>
  fc
    .record({
      kind: fc.constant('event' as const),
      nodeId: fc.constantFrom(...nodeIds),
      who: fc.oneof(
        { weight: 3, arbitrary: fc.tuple(known, alone) },
        { weight: 4, arbitrary: fc.tuple(known, bound) },
        { weight: 4, arbitrary: fc.tuple(knownByFields, tracker) },
        { weight: 1, arbitrary: fc.tuple(knownByFields, alone) },
        { weight: 1, arbitrary: fc.tuple(unbound, alone) },
      ),
    })
    .map(({ who: [subject, companion], ...event }) => ({ ...event, subject, companion }));
export type Action = Extract<Step, { kind: 'event' }> | { kind: 'join' | 'undo'; a: number; b: number };
export const pick = fc.nat({ max: 1000 });
export const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: eventAt(nodes.webengage, nodes.octeth, nodes.signals) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('join' as const), a: pick, b: pick }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('undo' as const), a: pick, b: pick }) },
);

/** Somebody of one node, and the browser that is said, with a key or without one, to be theirs. */
export function claimedEventOf(
  user: string,
  session: string,
  follows: 'one-record' | 'claimed-record',
  write: Record<string, string> = {},
): Extract<Step, { kind: 'event' }> {
  return {
    kind: 'event',
    nodeId: nodes.octeth,
    subject: {
      keys: [{ kind: 'user', value: user }],
      contacts: [],
      anonymous: false,
      unitesKeys: false,
      write,
    },
    companion: { keys: [{ kind: 'session', value: session }], binding: { when: 'always', follows } },
  };
}

/** Somebody known by fields, at a browser that is anybody's whose fields agree. */
export function trackedEventOf(tracker: string, ...fields: string[]): Extract<Step, { kind: 'event' }> {
  const keys = fields.map((value): Key => ({ kind: 'field', value }));
  return {
    kind: 'event',
    nodeId: nodes.webmarketer,
    subject: { keys, contacts: [], anonymous: false, unitesKeys: true, write: {} },
    companion: {
      keys: [{ kind: 'tracker', value: tracker }],
      binding: { when: 'when-new', follows: 'fields-agree' },
    },
  };
}

/** Few people and few browsers, so that keys and claims often speak of the same one. */
export const claimedEvent = fc
  .tuple(
    fc.constantFrom('user-1', 'user-2', 'user-3'),
    fc.constantFrom('session-1', 'session-2'),
    fc.constantFrom('one-record' as const, 'claimed-record' as const),
    write,
  )
  .map((parts) => claimedEventOf(...parts));
export const claimedAction: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: claimedEvent },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('join' as const), a: pick, b: pick }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('undo' as const), a: pick, b: pick }) },
);
