import { createHash } from 'node:crypto';
import { arrayLiteral } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { Channel } from '../campaign/channel.ts';
import type { DialectName } from '../dialect-name.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import { type Grouping, lonelyAd } from './grouping.ts';
import type { Origin } from './touch.ts';

/** Of a workspace: what visitors write into addresses beyond that is told together. */
export const maximumOrigins = 10_000;
const otherName = '(other)';
/** No origin has it: of a conversion without a touch. */
export const noOrigin = 0;

export interface OriginRow {
  id: number;
  dialect: DialectName;
  channel: Channel;
  source_id: number | null;
  campaign_id: string | null;
  ad_id: string | null;
  platform_campaign: string | null;
  utm_source: string | null;
  utm_medium: string | null;
}

export const originColumns =
  'id, dialect, channel, source_id, campaign_id, ad_id, platform_campaign, utm_source, utm_medium';

export function originFromRow(row: Omit<OriginRow, 'id'>): Origin {
  return {
    dialect: row.dialect,
    channel: row.channel,
    sourceId: row.source_id,
    campaignId: row.campaign_id,
    adId: row.ad_id,
    platformCampaign: row.platform_campaign,
    utmSource: row.utm_source,
    utmMedium: row.utm_medium,
  };
}

/** The group of an origin, as `keyOf` gives it, of a row `o`. */
export const keyColumn: Readonly<Record<Grouping, string>> = {
  campaign: `coalesce(o.campaign_id::text, o.platform_campaign, '${lonelyAd}' || o.ad_id)`,
  channel: 'o.channel',
  integration: 'o.source_id::text',
  source: 'o.utm_source',
  medium: 'o.utm_medium',
  api: 'o.dialect',
};

/** The numbers of origins, and the origins of numbers. */
export class Origins {
  readonly #byId = new Map<number, Origin>();
  readonly #ids = new Map<string, number>();

  learn(id: number, origin: Origin, hash = hashOf(origin)): void {
    this.#byId.set(id, origin);
    this.#ids.set(hash, id);
  }

  /** Those of the numbers that were not read before. */
  unknownOf(ids: Iterable<number>): number[] {
    return [...ids].filter((id) => !this.#byId.has(id));
  }

  /** @throws of an origin that was not read before */
  idOf(origin: Origin): number {
    const id = this.#ids.get(hashOf(origin));
    if (id === undefined) throw new Error('an origin has no number');
    return id;
  }

  /** @throws of a number that was not read before */
  byId(id: number): Origin {
    const origin = this.#byId.get(id);
    if (!origin) throw new Error(`the origin ${id} is not known`);
    return origin;
  }
}

/** Reads the origins of the numbers. */
export async function readOrigins(
  connection: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly number[],
  origins = new Origins(),
): Promise<Origins> {
  if (ids.length === 0) return origins;
  const rows = await connection.query<OriginRow>(
    `select ${originColumns} from attribution_origin where workspace_id = $1 and id = any($2::text::integer[])`,
    [workspaceId, arrayLiteral(ids)],
  );
  for (const row of rows) origins.learn(row.id, originFromRow(row));
  return origins;
}

/**
 * Finds the numbers of origins, and numbers those that are new, from behind the last one. Where there are too many, new ones that visitors
 * have named are others. Under the lock of who settles. Answers the last number by then.
 */
export async function numberOrigins(
  connection: Queryable,
  workspaceId: WorkspaceId,
  wanted: readonly Origin[],
  lastNumber: number,
  origins: Origins,
): Promise<number> {
  const distinct = new Map(wanted.map((origin) => [hashOf(origin), origin]));
  const known = await readNumbers(connection, workspaceId, [...distinct.keys()]);
  const missing = [...distinct].filter(([hash]) => !known.has(hash));
  const crowded = (origin: Origin) =>
    lastNumber + missing.length > maximumOrigins && (origin.utmSource !== null || origin.utmMedium !== null);
  const replaced = new Map(
    missing.map(([hash, origin]) => [hash, crowded(origin) ? withoutNames(origin) : origin]),
  );
  const others = new Map(
    [...replaced.values()]
      .filter((origin) => !distinct.has(hashOf(origin)))
      .map((origin) => [hashOf(origin), origin]),
  );
  if (others.size > 0)
    for (const [hash, id] of await readNumbers(connection, workspaceId, [...others.keys()]))
      known.set(hash, id);
  const fresh = new Map([...replaced.values()].map((origin) => [hashOf(origin), origin]));
  for (const hash of known.keys()) fresh.delete(hash);
  let last = lastNumber;
  const inserted = [...fresh].map(([hash, origin]) => ({ hash, origin, id: ++last }));
  if (inserted.length > 0) await insertOrigins(connection, workspaceId, inserted);
  for (const { hash, id } of inserted) known.set(hash, id);
  for (const [hash, origin] of distinct) {
    const stored = replaced.get(hash) ?? origin;
    const id = known.get(hashOf(stored));
    if (id === undefined) throw new Error('an origin was not numbered');
    origins.learn(id, stored);
    if (stored !== origin) origins.learn(id, stored, hash);
  }
  return last;
}

/** As which an origin is told that is one too many. */
export function withoutNames(origin: Origin): Origin {
  const other = (name: string | null) => name && otherName;
  return { ...origin, utmSource: other(origin.utmSource), utmMedium: other(origin.utmMedium) };
}

async function readNumbers(
  connection: Queryable,
  workspaceId: WorkspaceId,
  hashes: readonly string[],
): Promise<Map<string, number>> {
  if (hashes.length === 0) return new Map();
  const rows = await connection.query<{ id: number; hash: string }>(
    `select id, hash from attribution_origin where workspace_id = $1 and hash = any($2::text::text[])`,
    [workspaceId, arrayLiteral(hashes)],
  );
  return new Map(rows.map(({ id, hash }) => [hash, id]));
}

async function insertOrigins(
  connection: Queryable,
  workspaceId: WorkspaceId,
  rows: readonly { readonly id: number; readonly hash: string; readonly origin: Origin }[],
): Promise<void> {
  const column = (value: (origin: Origin) => string | number | null) =>
    arrayLiteral(rows.map(({ origin }) => value(origin)));
  await connection.query(
    `insert into attribution_origin (workspace_id, ${originColumns}, hash)
     select h.workspace_id, o.*
       from workspace_head h,
            unnest($2::text::integer[], $3::text::text[], $4::text::text[], $5::text::integer[], $6::text::uuid[], $7::text::text[],
                   $8::text::text[], $9::text::text[], $10::text::text[], $11::text::text[]) as o
      where h.workspace_id = $1`,
    [
      workspaceId,
      arrayLiteral(rows.map(({ id }) => id)),
      column(({ dialect }) => dialect),
      column(({ channel }) => channel),
      column(({ sourceId }) => sourceId),
      column(({ campaignId }) => campaignId),
      column(({ adId }) => adId),
      column(({ platformCampaign }) => platformCampaign),
      column(({ utmSource }) => utmSource),
      column(({ utmMedium }) => utmMedium),
      arrayLiteral(rows.map(({ hash }) => hash)),
    ],
  );
}

/** A touch lies on many paths of somebody who converts all the time: its origin is hashed once. */
const hashes = new WeakMap<Origin, string>();

/** Of equal origins the same, of others another. */
export function hashOf(origin: Origin): string {
  const known = hashes.get(origin);
  if (known !== undefined) return known;
  const hash = makeHash(origin);
  hashes.set(origin, hash);
  return hash;
}

function makeHash(origin: Origin): string {
  const { dialect, channel, sourceId, campaignId, adId, platformCampaign, utmSource, utmMedium } = origin;
  const text = JSON.stringify([
    dialect,
    channel,
    sourceId,
    campaignId,
    adId,
    platformCampaign,
    utmSource,
    utmMedium,
  ]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
