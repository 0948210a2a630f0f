import { setImmediate as turn } from 'node:timers/promises';
import type { Conversion } from '../../core/attribution/conversion-store.ts';
import type { Due } from '../../core/attribution/due-store.ts';
import { readJourneys } from '../../core/attribution/journey-store.ts';
import { judgeTouches, pathOf } from '../../core/attribution/judge-touches.ts';
import { numberOrigins, Origins, readOrigins } from '../../core/attribution/origin-store.ts';
import {
  type CountedPath,
  deletePaths,
  readPathsOfPersons,
  readProfilesOfEvents,
  readTouchedPersons,
  type StoredPath,
  upsertPaths,
} from '../../core/attribution/path-store.ts';
import { addSums, storeLastOrigin } from '../../core/attribution/sum-store.ts';
import type { Journey, Touch } from '../../core/attribution/touch.ts';
import { readPersonsOfProfiles } from '../../core/profile/profile-store.ts';
import { Contributions } from './contribution.ts';
import { presentRevision } from './counting-rules.ts';
import type { Settling } from './settling.ts';

const dayInMilliseconds = 24 * 60 * 60 * 1000;
const journeysAtOnce = 200;
/** Some milliseconds' worth; then requests have their turn. */
const pathsAtOnce = 50;

/** The paths of everybody whom a step concerns, as they are counted, and the events whose paths may be others. */
export interface Around {
  readonly paths: readonly StoredPath[];
  readonly eventIds: readonly string[];
}

/**
 * Reads around what is due: the paths of the persons whom it concerns, of those whom paths are counted as, and of those whose they are by
 * now, until there are no others.
 */
export async function readAround(settling: Settling, { eventIds, persons: due }: Due): Promise<Around> {
  const { tx, workspace, conversions } = settling;
  const named = due.filter(({ at }) => at === null).map(({ profileId }) => profileId);
  const touched = await readTouchedPersons(
    tx,
    workspace.id,
    due.filter(({ at }) => at !== null),
  );
  const profileIds = [...new Set([...named, ...(await readProfilesOfEvents(tx, workspace.id, eventIds))])];
  const present = await readPersonsOfProfiles(tx, workspace.id, profileIds);
  // A profile that named a person until now is no person any more.
  const persons = new Set([...profileIds, ...present.values(), ...touched.keys()]);
  let found: StoredPath[] = [];
  for (let size = 0; size < persons.size; ) {
    size = persons.size;
    found = await readPathsOfPersons(tx, workspace.id, [...persons]);
    for (const { personId, presentPersonId } of found) persons.add(personId).add(presentPersonId);
  }
  const lookbacks = new Map(conversions.map(({ number, settings }) => [number, settings.lookbackDays]));
  const paths = found.filter(({ conversion }) => lookbacks.has(conversion));
  const whole = new Set(named.flatMap((profileId) => [profileId, present.get(profileId)]));
  const isTouched = ({ conversion, convertedAt, presentPersonId }: StoredPath) => {
    const earliest = convertedAt - (lookbacks.get(conversion) ?? 0) * dayInMilliseconds;
    return touched.get(presentPersonId)?.some((at) => at <= convertedAt && at >= earliest);
  };
  const isDue = (path: StoredPath) =>
    path.personId !== path.presentPersonId ||
    whole.has(path.personId) ||
    whole.has(path.presentPersonId) ||
    isTouched(path);
  const inOrder = paths
    .filter(isDue)
    .toSorted((a, b) => compare(a.presentPersonId, b.presentPersonId) || a.convertedAt - b.convertedAt);
  return { paths, eventIds: [...new Set([...inOrder.map(({ eventId }) => eventId), ...eventIds])] };
}

/** Makes the paths of the events anew, and adds to the sums by how much they are others. Answers whether any is. */
export async function recountPaths(
  settling: Settling,
  { paths: before, eventIds }: Around,
): Promise<boolean> {
  const { tx, workspace, rules, step } = settling;
  const { paths: after, origins } = await countPaths(settling, eventIds);
  const counted = new Set(eventIds);
  const { gone, fresh } = comparePaths(
    before.filter(({ eventId }) => counted.has(eventId)),
    after,
  );
  if (gone.length + fresh.length === 0) return false;
  await readOrigins(tx, workspace.id, [...new Set(before.flatMap((path) => path.origins))], origins);
  const sums = await sumDifference(new Contributions(rules, origins), before, gone, fresh);
  const written = new Set(fresh.map(placeOf));
  await Promise.all([
    ...addSums(tx, workspace.id, step, sums),
    deletePaths(
      tx,
      workspace.id,
      gone.filter((path) => !written.has(placeOf(path))),
    ),
    upsertPaths(tx, workspace.id, fresh),
  ]);
  return true;
}

/** What the events give, by each conversion, and the origins of their touches. */
export async function countPaths(
  settling: Settling,
  eventIds: readonly string[],
): Promise<{ readonly paths: readonly CountedPath[]; readonly origins: Origins }> {
  const { tx, workspace, conversions, adPlatforms } = settling;
  const judged: {
    readonly conversion: Conversion;
    readonly journey: Journey;
    readonly path: readonly Touch[];
  }[] = [];
  for (const conversion of conversions) {
    for (let index = 0; index < eventIds.length; index += journeysAtOnce) {
      const ids = eventIds.slice(index, index + journeysAtOnce);
      for (const journey of await readJourneys(tx, workspace, conversion.settings, ids, adPlatforms)) {
        const path = pathOf(judgeTouches(conversion.settings, journey, journey.touches));
        judged.push({ conversion, journey: { ...journey, touches: [] }, path });
      }
    }
  }
  const origins = await originsOf(
    settling,
    judged.flatMap(({ path }) => path),
  );
  const revisions = new Map<number, number>();
  for (const { conversion } of judged)
    if (!revisions.has(conversion.number))
      revisions.set(conversion.number, await presentRevision(tx, settling.rules, workspace, conversion));
  const paths = judged.map(({ conversion: { number: conversion }, journey, path }) =>
    countedPath(conversion, revisions.get(conversion) ?? 0, journey, path, origins),
  );
  return { paths, origins };
}

async function originsOf(
  { tx, workspace, lastOrigin }: Settling,
  touches: readonly Touch[],
): Promise<Origins> {
  const origins = new Origins();
  const wanted = touches.map(({ origin }) => origin);
  const last = await numberOrigins(tx, workspace.id, wanted, lastOrigin, origins);
  if (last !== lastOrigin) await storeLastOrigin(tx, workspace.id, last);
  return origins;
}

function countedPath(
  conversion: number,
  revision: number,
  { eventId, profileId, personId, convertedAt, value }: Journey,
  path: readonly Touch[],
  origins: Origins,
): CountedPath {
  return {
    conversion,
    revision,
    eventId,
    profileId,
    personId,
    convertedAt,
    value: value?.amount ?? null,
    currency: value?.currency ?? null,
    times: path.map(({ at }) => at),
    origins: path.map(({ origin }) => origins.idOf(origin)),
  };
}

/** Which paths are no more as they were, and which are new or other. */
export function comparePaths(
  before: readonly StoredPath[],
  after: readonly CountedPath[],
): { readonly gone: readonly StoredPath[]; readonly fresh: readonly CountedPath[] } {
  const known = new Map(before.map((path) => [placeOf(path), textOf(path)]));
  const counted = new Map(after.map((path) => [placeOf(path), textOf(path)]));
  return {
    gone: before.filter((path) => counted.get(placeOf(path)) !== textOf(path)),
    fresh: after.filter((path) => known.get(placeOf(path)) !== textOf(path)),
  };
}

async function sumDifference(
  difference: Contributions,
  before: readonly StoredPath[],
  gone: readonly StoredPath[],
  fresh: readonly CountedPath[],
): Promise<Contributions> {
  const signed = [
    ...gone.map((path) => ({ path, sign: -1 as const })),
    ...fresh.map((path) => ({ path, sign: 1 as const })),
  ];
  for (const [index, { path, sign }] of signed.entries()) {
    difference.addPath(path, sign);
    if (index % pathsAtOnce === pathsAtOnce - 1) await turn();
  }
  const changed = new Set([...gone, ...fresh].map(placeOf));
  const touched = new Set([...gone, ...fresh].map(whoseOf));
  const unchanged = before.filter((path) => !changed.has(placeOf(path)));
  const were = Map.groupBy(before, whoseOf);
  const are = Map.groupBy<string, CountedPath>([...unchanged, ...fresh], whoseOf);
  for (const whose of touched) {
    difference.addPerson(were.get(whose) ?? [], -1);
    difference.addPerson(are.get(whose) ?? [], 1);
    await turn();
  }
  return difference;
}

function placeOf({ conversion, eventId }: Pick<CountedPath, 'conversion' | 'eventId'>): string {
  return `${conversion}/${eventId}`;
}

function whoseOf({ conversion, personId }: CountedPath): string {
  return `${conversion}/${personId}`;
}

/** All of a path, in one form: whose it is by now is part of it only once it is counted so. */
function textOf(path: CountedPath): string {
  const { conversion, revision, eventId, profileId, personId, convertedAt, value, currency, times, origins } =
    path;
  return JSON.stringify([
    conversion,
    revision,
    eventId,
    profileId,
    personId,
    convertedAt,
    value,
    currency,
    times,
    origins,
  ]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
