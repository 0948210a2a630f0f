import { instantText } from '../../store/instants.ts';
import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { Arrival } from '../campaign/arrival.ts';
import type { Channel } from '../campaign/channel.ts';
import { cutText } from '../cut-text.ts';
import type { DialectName } from '../dialect-name.ts';
import { eventCount } from '../metric/metric.ts';
import type { Workspace, WorkspaceId } from '../workspace/workspace.ts';
import type { AdPlatform } from './ad-platform.ts';
import type { ConversionSettings } from './conversion.ts';
import type { Journey, Touch } from './touch.ts';

/** Of one conversion: those before are beyond what anybody remembers, and a program's that comes again and again is bounded. */
export const maximumTouches = 500;
/** Of a person, for all of its conversions that are read together; where there are more, those of each are read by themselves. */
const touchesTogether = 5000;
/** Of what visitors write into addresses. */
const longestName = 100;

const dayInMilliseconds = 24 * 60 * 60 * 1000;

type Converting = Omit<Journey, 'touches'>;

/**
 * Converting events, each with the touches of its person from the beginning of the lookback up to it. Ids of events that do not convert,
 * or of somebody who was deleted, are left out. Three statements, and one for each platform that ads are of; a fourth where a person has
 * thousands of touches.
 */
export async function readJourneys(
  connection: Queryable,
  workspace: Workspace,
  settings: ConversionSettings,
  eventIds: readonly string[],
  platforms: readonly AdPlatform[],
): Promise<Journey[]> {
  const converting = await readConverting(connection, workspace, settings, eventIds);
  if (converting.length === 0) return [];
  const touches = await readTouchesOf(connection, workspace.id, settings.lookbackDays, converting, platforms);
  return converting.map((event) => {
    const since = event.convertedAt - settings.lookbackDays * dayInMilliseconds;
    const own = touches.get(event.eventId) ?? touches.get(event.personId) ?? [];
    // They are the newest first.
    const led = own.filter(({ at }) => at >= since && at <= event.convertedAt);
    return { ...event, touches: led.slice(0, maximumTouches) };
  });
}

interface ConvertingRow {
  id: string;
  profile_id: string;
  person_id: string;
  converted_at: Date;
  amount: string | null;
  currency: string | null;
  counted: boolean | null;
}

async function readConverting(
  connection: Queryable,
  workspace: Workspace,
  { event, state, metric }: ConversionSettings,
  eventIds: readonly string[],
): Promise<Converting[]> {
  const type = workspace.eventTypes.byName(event.dialect, event.type);
  if (!type || eventIds.length === 0) return [];
  const metricOf = (alias: string, key: string) =>
    `left join lateral (select value, currency, counted, occurred_at from metric
                         where workspace_id = $1 and event_id = k.id and key = ${key} limit 1) ${alias} on true`;
  const rows = await connection.query<ConvertingRow>(
    `select k.id, e.profile_id, p.person_id, coalesce(s.occurred_at, e.occurred_at) as converted_at, m.value as amount, m.currency, m.counted
       from unnest($2::text::uuid[]) as k (id)
      cross join lateral (select profile_id, type_id, occurred_at from event where workspace_id = $1 and id = k.id limit 1) e
      cross join lateral (select person_id from profile
                           where workspace_id = $1 and id = e.profile_id and deleted_at is null limit 1) p
       ${metricOf('s', '$4')}
       ${metricOf('m', '$5')}
      where e.type_id = $3 and ($4::text is null or s.value = 1)`,
    [workspace.id, arrayLiteral(eventIds), type.id, state, metric],
  );
  return rows.map((row) => ({
    eventId: row.id,
    profileId: row.profile_id,
    personId: row.person_id,
    convertedAt: row.converted_at.getTime(),
    value: countedValue(metric, row),
  }));
}

/** Every event counts once; an amount without a rate counts nothing, of the currency that it can't be told in. */
function countedValue(metric: string | null, { amount, currency, counted }: ConvertingRow): Journey['value'] {
  if (metric === eventCount) return { amount: '1', currency: null };
  if (amount === null) return null;
  return counted ? { amount, currency } : null;
}

interface TouchRow {
  key: string;
  id: string;
  profile_id: string;
  event_id: string | null;
  at: Date;
  dialect: DialectName;
  channel: Channel;
  source_id: number | null;
  campaign_id: string | null;
  ad_id: string | null;
  arrival: Arrival | null;
}

const touchColumns =
  'id, profile_id, event_id, occurred_at as at, dialect, channel, source_id, campaign_id, ad_id, arrival';

/** Whose touches are wanted, and from when to when, both inclusive, in milliseconds since the epoch. `key`: a UUID that the answer has them by. */
export interface TouchSpan {
  readonly key: string;
  readonly personId: string;
  readonly since: number;
  readonly until: number;
}

/** The touches of persons within spans, by the spans' keys, the newest first and at most so many of each. Of who was deleted there are none. */
export async function readTouches(
  connection: Queryable,
  workspaceId: WorkspaceId,
  spans: readonly TouchSpan[],
  limit: number,
  platforms: readonly AdPlatform[],
): Promise<Map<string, Touch[]>> {
  if (spans.length === 0) return new Map();
  const rows = await connection.query<TouchRow>(
    `select k.key, t.*
       from unnest($2::text::uuid[], $3::text::uuid[], $4::text::timestamptz[], $5::text::timestamptz[])
              as k (key, person_id, since, until)
      cross join lateral (
        select t.* from profile m
         cross join lateral (
           select ${touchColumns} from touchpoint
            where workspace_id = $1 and profile_id = m.id and occurred_at >= k.since and occurred_at <= k.until
            order by occurred_at desc, id desc limit $6) t
         where m.workspace_id = $1 and m.person_id = k.person_id and m.deleted_at is null
         order by t.at desc, t.id desc limit $6) t`,
    [
      workspaceId,
      arrayLiteral(spans.map(({ key }) => key)),
      arrayLiteral(spans.map(({ personId }) => personId)),
      arrayLiteral(spans.map(({ since }) => instantText(since))),
      arrayLiteral(spans.map(({ until }) => instantText(until))),
      limit,
    ],
  );
  const campaigns = await readPlatformCampaigns(connection, workspaceId, rows, platforms);
  return new Map(
    [...Map.groupBy(rows, ({ key }) => key)].map(([key, ofKey]) => [
      key,
      ofKey.map((row) => touchOf(row, campaigns)),
    ]),
  );
}

/** By person; of one who has too many to read them all together, by event. */
async function readTouchesOf(
  connection: Queryable,
  workspaceId: WorkspaceId,
  lookbackDays: number,
  converting: readonly Converting[],
  platforms: readonly AdPlatform[],
): Promise<Map<string, Touch[]>> {
  const spanOf = (key: string, personId: string, events: readonly Converting[]): TouchSpan => {
    const times = events.map(({ convertedAt }) => convertedAt);
    const since = Math.min(...times) - lookbackDays * dayInMilliseconds;
    return { key, personId, since, until: Math.max(...times) };
  };
  const persons = Map.groupBy(converting, ({ personId }) => personId);
  const ofPersons = [...persons].map(([id, events]) => spanOf(id, id, events));
  const together = await readTouches(connection, workspaceId, ofPersons, touchesTogether + 1, platforms);
  const isCrowded = (personId: string) => (together.get(personId)?.length ?? 0) > touchesTogether;
  const ofEvents = converting
    .filter(({ personId }) => isCrowded(personId))
    .map((event) => spanOf(event.eventId, event.personId, [event]));
  const apart = await readTouches(connection, workspaceId, ofEvents, maximumTouches, platforms);
  return new Map([...together, ...apart]);
}

/** By dialect and ad. */
async function readPlatformCampaigns(
  connection: Queryable,
  workspaceId: WorkspaceId,
  touches: readonly TouchRow[],
  platforms: readonly AdPlatform[],
): Promise<Map<DialectName, ReadonlyMap<string, string>>> {
  const ads = Map.groupBy(
    touches.filter((row) => row.ad_id !== null),
    ({ dialect }) => dialect,
  );
  const campaigns = new Map<DialectName, ReadonlyMap<string, string>>();
  for (const { dialect, campaignsOfAds } of platforms) {
    const ids = new Set((ads.get(dialect) ?? []).flatMap(({ ad_id }) => ad_id ?? []));
    if (ids.size > 0) campaigns.set(dialect, await campaignsOfAds(connection, workspaceId, [...ids]));
  }
  return campaigns;
}

function touchOf(row: TouchRow, campaigns: ReadonlyMap<DialectName, ReadonlyMap<string, string>>): Touch {
  const { arrival } = row;
  const short = (text: string | undefined) => (text === undefined ? null : cutText(text, longestName));
  return {
    id: row.id,
    profileId: row.profile_id,
    eventId: row.event_id,
    at: row.at.getTime(),
    origin: {
      dialect: row.dialect,
      channel: row.channel,
      sourceId: row.source_id,
      campaignId: row.campaign_id,
      adId: row.ad_id && cutText(row.ad_id, longestName),
      platformCampaign: row.ad_id === null ? null : (campaigns.get(row.dialect)?.get(row.ad_id) ?? null),
      utmSource: short(arrival?.source),
      utmMedium: short(arrival?.medium),
    },
    campaignName: short(arrival?.campaign),
    namesCampaign:
      row.source_id !== null ||
      row.campaign_id !== null ||
      row.ad_id !== null ||
      arrival?.namesCampaign === true,
    referrerHost: arrival?.referrerHost ?? null,
    pageHost: arrival?.pageHost ?? null,
  };
}
