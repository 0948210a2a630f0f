import { Tally } from '../../core/accounting/accounting.ts';
import { addCounts } from '../../core/accounting/accounting-store.ts';
import type { ErasureSlice, ErasureStage } from '../../core/erasure/erasure.ts';
import { deleteQuarantined } from '../../core/quarantine/quarantine-store.ts';
import { placeAt, type SliceResult } from '../../core/retention/retention-slice.ts';
import { type ErasureRules, erasedReason } from '../../ingest/erased.ts';
import { findKept } from './kept-events.ts';
import { countFilled, emptyColumn, emptyEvents, type PersonalColumn, readOwnEvents } from './row-store.ts';

const eventsPerSlice = 500;

/** What the engine keeps of persons beside their profiles. */
export function engineStages(rules: ErasureRules): readonly ErasureStage[] {
  return [
    {
      counts: 'events',
      empties: ['event.properties', 'event.detail', 'metric.raw', 'metric_history.raw'],
      work: emptyNextEvents,
    },
    // Channel, campaign, ad and cost stay; pages and click ids go.
    emptyingStage('touchpoints', { table: 'touchpoint', column: 'detail' }),
    emptyingStage('arrivals', { table: 'touchpoint', column: 'arrival' }),
    // That something was said, of which consent, when and by whose key stays; what it was goes.
    emptyingStage('consents', { table: 'consent_log', column: 'value' }),
    {
      counts: 'quarantined',
      empties: [
        'quarantine.raw',
        'quarantine.request',
        'quarantine.detail',
        'quarantine.path',
        'quarantine.type',
        'quarantine_group.type',
      ],
      work: (slice) => deleteNextKept(rules, slice),
    },
  ];
}

function emptyingStage(counts: string, personal: PersonalColumn): ErasureStage {
  return {
    counts,
    empties: [`${personal.table}.${personal.column}`],
    work: async ({ connection, change, workspace, profileIds }) => ({
      total: await (change ? emptyColumn : countFilled)(connection, workspace.id, personal, profileIds),
      done: true,
    }),
  };
}

/** Its position: `<place of the profile>/<ms>/<id of the event>`. */
async function emptyNextEvents(slice: ErasureSlice): Promise<SliceResult> {
  const { connection, change, workspace, profileIds, position } = slice;
  const [place = '0', at, id] = position?.split('/') ?? [];
  const first = Number(place);
  const after = at === undefined || id === undefined ? null : { at: new Date(Number(at)), id };
  const events = await readOwnEvents(
    connection,
    workspace.id,
    profileIds.slice(first),
    after,
    eventsPerSlice,
  );
  if (change && events.length > 0) {
    await emptyEvents(
      connection,
      workspace.id,
      events.map((event) => event.id),
    );
    for (const { id: entityId, nodeId } of events)
      change.record({ entity: 'event', entityId, operation: 'anonymize', nodeId });
  }
  const last = events.at(-1);
  const isOver = !last || events.length < eventsPerSlice;
  const next = last && `${first + last.place}/${last.occurredAt.getTime()}/${last.id}`;
  return { total: events.length, ...placeAt(isOver ? undefined : next) };
}

/** An event that is in quarantine is counted as dropped from then on, in the hour that it came in. */
async function deleteNextKept(rules: ErasureRules, slice: ErasureSlice): Promise<SliceResult> {
  const { connection, change, workspace, isOfPerson, position } = slice;
  const { theirs, next } = await findKept(connection, workspace, rules, isOfPerson, position);
  if (change && theirs.length > 0) {
    await deleteQuarantined(
      connection,
      workspace.id,
      theirs.map(({ id }) => id),
    );
    const tally = new Tally();
    for (const { dialect, receivedAt } of theirs.filter(({ replayed }) => !replayed)) {
      tally.add(dialect, receivedAt.getTime(), 'quarantined', '', -1);
      tally.add(dialect, receivedAt.getTime(), 'dropped', erasedReason);
    }
    await addCounts(connection, workspace.id, tally.counts());
  }
  return { total: theirs.length, ...placeAt(next) };
}
