import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import { deleteCountedEvents } from '../../../change/delete-events.ts';
import { readDueEvents } from '../../../core/event/event-deletion-store.ts';
import type {
  DialectRetention,
  RetentionSlice,
  SliceResult,
} from '../../../core/retention/retention-slice.ts';
import { type DueRule, dueRulesOf } from './due-rules.ts';
import { countDeleted } from './event-counts-store.ts';

const eventsPerSlice = 250;
/** Where a policy is one node's, the other nodes' events of the type stand between. */
const eventsPerLook = 2000;
const looksPerSlice = 10;

/** By `retention` of a workspace's settings and of its nodes'. */
export const retention: DialectRetention = {
  counters: { deletedCustomerEvents: 'events of customers deleted' },
  policies: 'retention',
  plan: async (_connection, workspace, now) => {
    const rules = dueRulesOf(workspace, now.getTime());
    if (rules.length === 0) return [];
    return [
      {
        name: 'contacthub-events',
        counter: 'deletedCustomerEvents',
        deletes: true,
        work: (slice) => deleteDueEvents(slice, rules),
      },
    ];
  },
};

/** Which rule is next, and behind which of its events. */
const Place = Type.Object({
  rule: Type.Integer(),
  at: Type.Union([Type.Number(), Type.Null()]),
  id: Type.Union([Type.String(), Type.Null()]),
});
type Place = Static<typeof Place>;

/** Deletes, or in a dry run counts, the next events that are due (docs/spec/contacthub.md A#36). Customers stay. */
async function deleteDueEvents(slice: RetentionSlice, rules: readonly DueRule[]): Promise<SliceResult> {
  const { connection, workspace, change } = slice;
  let place: Place = slice.position === null ? beginning(0) : Value.Parse(Place, JSON.parse(slice.position));
  for (let look = 0; look < looksPerSlice; look++) {
    const rule = rules[place.rule];
    if (!rule) return { total: 0, done: true };
    const limits = { look: rule.nodeId === null ? eventsPerSlice : eventsPerLook, take: eventsPerSlice };
    const { events, next } = await readDueEvents(connection, workspace.id, rule, place, limits);
    place = next ? { rule: place.rule, ...next } : beginning(place.rule + 1);
    if (events.length === 0) continue;
    if (change) {
      await deleteCountedEvents(change, { workspace, dialect: 'contacthub', events, reason: 'retention' });
      await countDeleted(change.tx, workspace.id, rule.typeId, events.length);
    }
    return { total: events.length, done: false, position: JSON.stringify(place) };
  }
  return { total: 0, done: false, position: JSON.stringify(place) };
}

function beginning(rule: number): Place {
  return { rule, at: null, id: null };
}
