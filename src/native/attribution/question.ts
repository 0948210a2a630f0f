import { isDeepStrictEqual } from 'node:util';
import type { ConversionSettings } from '../../core/attribution/conversion.ts';
import { type Conversion, conversions } from '../../core/attribution/conversion-store.ts';
import { type KeptPeriod, readPeriods } from '../../core/attribution/period-store.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { readLastSeq } from '../../core/workspace/workspace-store.ts';
import type { AskedDays } from '../../query/attribution/local-interval.ts';
import { eventOf, findType, type SaidSettings, settingsOf } from '../conversions/parse.ts';
import { presentSettings } from '../conversions/present.ts';
import { wrong } from '../refusals.ts';
import type { NativeServices } from '../services.ts';

/** What is asked about. */
export interface Asked {
  /** As it was when it was found to have what is asked about. */
  readonly workspace: Workspace;
  /** The kept conversion that was named. */
  readonly named: Conversion | undefined;
  readonly settings: ConversionSettings;
}

/** What is asked about as of a seq, and by what it was kept then. */
export interface AskedPast extends Asked {
  readonly period: KeptPeriod;
  readonly asOf: number;
}

/** As queries say it: lists with commas, and an empty text for what there is to be none of. */
export interface SaidInQuery extends Omit<SaidSettings, 'event' | 'excludedReferrers' | 'position'> {
  readonly conversion: string;
  readonly excludedReferrers?: string;
  readonly position?: string;
}

/** Reads what a query, or another part of a request, asks about. @throws RequestError `invalid-request` */
export async function readAsked(
  { workspaces, knownTypes }: Pick<NativeServices, 'workspaces' | 'knownTypes'>,
  cached: Workspace,
  said: SaidInQuery,
  part = 'querystring',
): Promise<Asked> {
  // Another process may just have made what is named.
  const workspace = isThere(cached, said.conversion) ? cached : await workspaces.reload(cached.id);
  const named = findConversion(workspace, said.conversion);
  const path = `${part}/conversion`;
  if (!named && !said.conversion.includes(':'))
    throw wrong(
      path,
      'The workspace keeps no conversion of this name or id: name one of GET …/conversions, or an event type as its API, a colon and its name.',
    );
  const event = named?.settings.event ?? eventOf(workspace, said.conversion, path, knownTypes);
  const settings = settingsOf(event, settingsIn(said), part, named?.settings);
  return { workspace, named, settings };
}

function isThere(workspace: Workspace, text: string): boolean {
  return (findConversion(workspace, text) ?? findType(workspace, text)) !== undefined;
}

function findConversion(workspace: Workspace, text: string): Conversion | undefined {
  return workspace.parts.get(conversions).find(({ id, name }) => id === text || name === text);
}

function settingsIn({
  metric,
  state,
  excludedReferrers,
  position,
  lookbackDays,
  excludeOwnSite,
  sameCampaignMinutes,
  directOnlyAlone,
  halfLifeDays,
}: SaidInQuery): SaidSettings {
  return {
    ...(metric === undefined ? {} : { metric: metric || null }),
    ...(state === undefined ? {} : { state: state || null }),
    ...(excludedReferrers === undefined ? {} : { excludedReferrers: listOf(excludedReferrers) }),
    ...(position === undefined ? {} : { position: positionOf(position) }),
    ...(lookbackDays === undefined ? {} : { lookbackDays }),
    ...(excludeOwnSite === undefined ? {} : { excludeOwnSite }),
    ...(sameCampaignMinutes === undefined ? {} : { sameCampaignMinutes }),
    ...(directOnlyAlone === undefined ? {} : { directOnlyAlone }),
    ...(halfLifeDays === undefined ? {} : { halfLifeDays }),
  };
}

function listOf(text: string): string[] {
  return text === '' ? [] : text.split(',');
}

function positionOf(text: string): ConversionSettings['position'] {
  const [first = 0, last = 0] = text.split(',').map(Number);
  return { first, last };
}

/** A conversion whose kept sums answer what is asked about. */
export function findKept({ workspace, settings }: Asked): Conversion | undefined {
  return workspace.parts
    .get(conversions)
    .find(
      (kept) => kept.state === 'kept' && isDeepStrictEqual(comparable(kept.settings), comparable(settings)),
    );
}

/**
 * What is asked about as of a seq, by the settings, the zone and the currency that were kept by then.
 * @throws RequestError `invalid-request` when there was nothing kept by them
 */
export async function askedAsOf(
  { database }: Pick<NativeServices, 'database'>,
  { workspace, named, settings: asked }: Asked,
  said: SaidInQuery,
  asOf: number,
): Promise<AskedPast> {
  const path = 'querystring/asOf';
  const last = await readLastSeq(database, workspace.id);
  if (asOf > last)
    throw wrong(
      path,
      `${path} is behind the last seq of the workspace, which is ${last}: what comes then is not known.`,
    );
  const periods = await readPeriods(database, workspace.id, asOf);
  const own = named && periods.find(({ conversion }) => conversion === named.number);
  if (named && !own)
    throw wrong(
      path,
      `${path} is of a time at which the sums of this conversion were not kept, or were being counted by other settings: no report of it was given as of it.`,
    );
  const settings = own
    ? settingsOf(own.settings.event, settingsIn(said), 'querystring', own.settings)
    : asked;
  const period = periods.find((one) => isDeepStrictEqual(comparable(one.settings), comparable(settings)));
  if (!period)
    throw wrong(
      path,
      `${path} is answered of conversions that were kept by then alone, and by the settings that they had: leave the rules out, or name a kept conversion, which POST …/conversions makes.`,
    );
  const { timezone, currency } = period;
  return { workspace: { ...workspace, timezone, currency }, named, settings: period.settings, period, asOf };
}

function comparable(settings: ConversionSettings) {
  return { ...presentSettings(settings), excludedReferrers: new Set(settings.excludedReferrers) };
}

const longestDays = 3660;
const defaultDays = 30;

/** The days that a query asks for. @throws RequestError `invalid-request` */
export function readDays(
  { timezone }: Workspace,
  { since, until }: { readonly since?: string; readonly until?: string },
  now: number,
  part = 'querystring',
): AskedDays {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timezone).toPlainDate();
  const end = until === undefined ? today.add({ days: 1 }) : dayOf(until, `${part}/until`);
  const start = since === undefined ? daysBefore(end) : dayOf(since, `${part}/since`);
  const days = end.since(start, { largestUnit: 'day' }).days;
  if (days <= 0)
    throw wrong(
      `${part}/since`,
      `${part}/since is no day before until, which is the day behind the last: give an earlier one.`,
    );
  if (days > longestDays)
    throw wrong(
      `${part}/since`,
      `${part}/since and until are too far apart: they may be ten years apart; ask in parts.`,
    );
  return { since: start.toString(), until: end.toString() };
}

/** As many as are asked for unless said, but none of before the year 1, which nothing stored is of. */
function daysBefore(end: Temporal.PlainDate): Temporal.PlainDate {
  const start = end.subtract({ days: defaultDays });
  return start.year >= 1 ? start : Temporal.PlainDate.from('0001-01-01');
}

function dayOf(text: string, path: string): Temporal.PlainDate {
  try {
    const day = Temporal.PlainDate.from(text, { overflow: 'reject' });
    if (day.year >= 1) return day;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw wrong(path, `${path} is no day of the calendar: write year, month and day, as 2026-03-01.`);
}
