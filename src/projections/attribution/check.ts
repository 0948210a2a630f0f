import type { AdPlatform } from '../../core/attribution/ad-platform.ts';
import { type Conversion, readConversions } from '../../core/attribution/conversion-store.ts';
import { findDue } from '../../core/attribution/due-store.ts';
import { readJourneys } from '../../core/attribution/journey-store.ts';
import { judgeTouches, pathOf } from '../../core/attribution/judge-touches.ts';
import { hashOf, type Origins, readOrigins, withoutNames } from '../../core/attribution/origin-store.ts';
import { listPaths, readPathsOfEvents, type StoredPath } from '../../core/attribution/path-store.ts';
import { countUnlikePairs, countUnrecordedPeople } from '../../core/attribution/people-store.ts';
import { countUnrecordedDays } from '../../core/attribution/sum-store.ts';
import type { Journey, Touch } from '../../core/attribution/touch.ts';
import { listEventsOfType } from '../../core/event/event-store.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import type { Database } from '../../store/database.ts';
import type { Queryable } from '../../store/queryable.ts';
import { inTransaction } from '../../store/transaction.ts';
import { type Check, lookTwice, toCheck } from '../check.ts';
import { loadCountingRules } from './counting-rules.ts';
import { findSumDifference } from './derive-sums.ts';

const eventsAtOnce = 500;

/** Paths are what the events and touches give, but for those that are due; the sums are what the paths give, and what was recorded of them. */
export function checkAttribution(adPlatforms: readonly AdPlatform[]) {
  return async (database: Database, workspace: Workspace): Promise<Check> => {
    const problems: string[] = [];
    let counted = 0;
    for (const conversion of await readConversions(database, workspace.id)) {
      const { name } = conversion;
      const { wrong, total } = await checkPaths(database, workspace, conversion, adPlatforms);
      // One that is being counted has paths by the settings that it had.
      if (wrong > 0 && conversion.state === 'kept')
        problems.push(`${wrong} paths of ${name} are others by the events`);
      const sums = await checkSums(database, workspace, conversion);
      if (sums.wrong > 0) problems.push(`${sums.wrong} sums of ${name} are others by the paths`);
      if (sums.unrecorded > 0)
        problems.push(`${sums.unrecorded} sums of ${name} are others by what was recorded`);
      counted += total;
    }
    return toCheck(
      'attribution-equal',
      problems,
      `credit of ${counted} converting events is what they and the touches give`,
    );
  };
}

/** In one snapshot: who settles writes paths, sums and record as one. */
function checkSums(database: Database, { id }: Workspace, { number }: Conversion) {
  return inTransaction(database, async (tx) => {
    await tx.query('set transaction isolation level repeatable read');
    const rules = await loadCountingRules(tx, id);
    const { days, people } = await findSumDifference(tx, id, rules, number);
    const wrong = days.length + people.length + (await countUnlikePairs(tx, id, number));
    const unrecorded =
      (await countUnrecordedDays(tx, id, number)) + (await countUnrecordedPeople(tx, id, number));
    return { wrong, unrecorded };
  });
}

async function checkPaths(
  database: Database,
  workspace: Workspace,
  conversion: Conversion,
  adPlatforms: readonly AdPlatform[],
): Promise<{ wrong: number; total: number }> {
  const { event } = conversion.settings;
  const type = workspace.eventTypes.byName(event.dialect, event.type);
  const listing = {
    events: (after: Place) =>
      type ? listEventsOfType(database, workspace.id, type.id, after, eventsAtOnce) : [],
    paths: async (after: Place) =>
      (await listPaths(database, workspace.id, conversion.number, after, eventsAtOnce)).map(
        ({ eventId: id, convertedAt: at }) => ({ id, at }),
      ),
  };
  let [wrong, total] = [0, 0];
  for (const list of [listing.events, listing.paths]) {
    for (let after: Place | undefined = null; after !== undefined; ) {
      const page: readonly { readonly id: string; readonly at: number }[] = await list(after);
      const ids = page.map(({ id }) => id);
      const look = (connection: Queryable) => countWrong(connection, workspace, conversion, adPlatforms, ids);
      const found = await lookTwice(database, workspace.id, look, (seen) => seen.wrong > 0);
      wrong += found.wrong;
      if (list === listing.events) total += found.total;
      after = page.length === eventsAtOnce ? page.at(-1) : undefined;
    }
  }
  return { wrong, total };
}

type Place = { readonly at: number; readonly id: string } | null;

async function countWrong(
  connection: Queryable,
  workspace: Workspace,
  { number, settings }: Conversion,
  adPlatforms: readonly AdPlatform[],
  eventIds: readonly string[],
): Promise<{ wrong: number; total: number }> {
  if (eventIds.length === 0) return { wrong: 0, total: 0 };
  const journeys = await readJourneys(connection, workspace, settings, eventIds, adPlatforms);
  const stored = await readPathsOfEvents(connection, workspace.id, number, eventIds);
  const origins = await readOrigins(connection, workspace.id, [
    ...new Set(stored.flatMap((path) => path.origins)),
  ]);
  const paths = new Map(stored.map((path) => [path.eventId, path]));
  const unlike = journeys
    .filter((journey) => !isLike(paths.get(journey.eventId), journey, pathIn(journey, settings), origins))
    .map(({ eventId }) => eventId);
  const converting = new Set(journeys.map(({ eventId }) => eventId));
  const stray = stored.filter(({ eventId }) => !converting.has(eventId)).map(({ eventId }) => eventId);
  const suspects = [...unlike, ...stray];
  const due = suspects.length > 0 ? await findDue(connection, workspace.id, suspects) : new Set<string>();
  return { wrong: suspects.filter((id) => !due.has(id)).length, total: journeys.length };
}

function pathIn(journey: Journey, settings: Conversion['settings']): readonly Touch[] {
  return pathOf(judgeTouches(settings, journey, journey.touches));
}

function isLike(
  stored: StoredPath | undefined,
  { profileId, personId, convertedAt, value }: Journey,
  path: readonly Touch[],
  origins: Origins,
): boolean {
  if (!stored) return false;
  const { amount = null, currency = null } = value ?? {};
  return (
    stored.profileId === profileId &&
    stored.personId === personId &&
    stored.convertedAt === convertedAt &&
    stored.value === amount &&
    stored.currency === currency &&
    stored.times.length === path.length &&
    path.every(({ at, origin }, index) => {
      const known = hashOf(origins.byId(stored.origins[index] ?? 0));
      return (
        stored.times[index] === at && (known === hashOf(origin) || known === hashOf(withoutNames(origin)))
      );
    })
  );
}
