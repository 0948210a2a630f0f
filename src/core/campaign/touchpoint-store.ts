import { arrayLiteral, joinDocuments } from '../../store/parameters.ts';
import type { Queryable } from '../../store/queryable.ts';
import type { DialectName } from '../dialect-name.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import type { Channel } from './channel.ts';
import type { TouchpointFacts } from './touchpoint.ts';

export interface NewTouchpoint extends TouchpointFacts {
  readonly id: string;
  readonly profileId: string;
  readonly dialect: DialectName;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** The event that told of it. */
  readonly eventId: string | null;
}

/**
 * Stores touchpoints. One that is there (a click on an ad, told of by an earlier message, too) moves to where it now is. A campaign
 * that is named by its slug has to be there, or there is none.
 */
export async function insertTouchpoints(
  connection: Queryable,
  workspaceId: WorkspaceId,
  touchpoints: readonly NewTouchpoint[],
): Promise<void> {
  const campaignId = ({ campaign }: NewTouchpoint) => (campaign && 'id' in campaign ? campaign.id : null);
  const slug = ({ campaign }: NewTouchpoint) => (campaign && 'slug' in campaign ? campaign.slug : null);
  const column = (value: (touchpoint: NewTouchpoint) => string | number | null) =>
    arrayLiteral(touchpoints.map(value));
  await connection.query(
    `insert into touchpoint (workspace_id, id, profile_id, occurred_at, received_at, dialect, channel, source_id, campaign_id,
                             ad_id, cost, currency, event_id, detail, arrival)
     select h.workspace_id, t.id, t.profile_id, t.occurred_at, t.received_at, t.dialect, t.channel, t.source_id,
            coalesce(t.campaign_id, (select c.id from campaign c
                                      where c.workspace_id = $1 and c.source_id = t.source_id and c.slug = t.slug)),
            t.ad_id, t.cost, t.currency, t.event_id, t.detail, t.arrival
       from workspace_head h,
            unnest($2::text::uuid[], $3::text::uuid[], $4::text::timestamptz[], $5::text::timestamptz[], $6::text::text[],
                   $7::text::text[], $8::text::integer[], $9::text::uuid[], $10::text::text[], $11::text::text[],
                   $12::text::numeric[], $13::text::text[], $14::text::uuid[],
                   string_to_array($15::text, E'\\x1e', '')::json[], string_to_array($16::text, E'\\x1e', '')::json[])
              as t (id, profile_id, occurred_at, received_at, dialect, channel, source_id, campaign_id, slug, ad_id, cost,
                    currency, event_id, detail, arrival)
      where h.workspace_id = $1
     on conflict (workspace_id, id) do update set occurred_at = excluded.occurred_at, event_id = excluded.event_id`,
    [
      workspaceId,
      column((touchpoint) => touchpoint.id),
      column((touchpoint) => touchpoint.profileId),
      column((touchpoint) => new Date(touchpoint.at).toISOString()),
      column((touchpoint) => new Date(touchpoint.receivedAt).toISOString()),
      column((touchpoint) => touchpoint.dialect),
      column((touchpoint) => touchpoint.channel),
      column((touchpoint) => touchpoint.sourceId),
      column(campaignId),
      column(slug),
      column((touchpoint) => touchpoint.adId),
      column((touchpoint) => touchpoint.cost?.amount ?? null),
      column((touchpoint) => touchpoint.cost?.currency ?? null),
      column((touchpoint) => touchpoint.eventId),
      joinDocuments(touchpoints.map(({ detail }) => detail && JSON.stringify(detail))),
      joinDocuments(touchpoints.map(({ arrival }) => arrival && JSON.stringify(arrival))),
    ],
  );
}

export async function deleteTouchpointsOfProfiles(
  connection: Queryable,
  workspaceId: WorkspaceId,
  profileIds: readonly string[],
): Promise<void> {
  await connection.query(
    'delete from touchpoint where workspace_id = $1 and profile_id = any($2::text::uuid[])',
    [workspaceId, arrayLiteral(profileIds)],
  );
}

/** Those that the events tell of. */
export async function deleteTouchpointsOfEvents(
  connection: Queryable,
  workspaceId: WorkspaceId,
  eventIds: readonly string[],
): Promise<void> {
  await connection.query(
    `delete from touchpoint t using event e
      where e.workspace_id = $1 and e.id = any($2::text::uuid[])
        and t.workspace_id = $1 and t.profile_id = e.profile_id and t.event_id = e.id`,
    [workspaceId, arrayLiteral(eventIds)],
  );
}

export interface Touchpoint {
  readonly id: string;
  readonly profileId: string;
  readonly occurredAt: Date;
  readonly receivedAt: Date;
  readonly dialect: DialectName;
  readonly channel: Channel;
  readonly sourceId: number | null;
  readonly campaignId: string | null;
  readonly adId: string | null;
  readonly cost: { readonly amount: number; readonly currency: string } | null;
  readonly eventId: string | null;
  readonly detail: Record<string, unknown> | null;
}

/** A row of `touchpointColumns`. */
export interface TouchpointRow {
  id: string;
  profile_id: string;
  occurred_at: Date;
  received_at: Date;
  dialect: DialectName;
  channel: Channel;
  source_id: number | null;
  campaign_id: string | null;
  ad_id: string | null;
  cost: string | null;
  currency: string | null;
  event_id: string | null;
  detail: Record<string, unknown> | null;
}

/** What `touchpointFromRow` reads. */
export const touchpointColumns =
  'id, profile_id, occurred_at, received_at, dialect, channel, source_id, campaign_id, ad_id, cost, currency, event_id, detail';

export function touchpointFromRow(row: TouchpointRow): Touchpoint {
  return {
    id: row.id,
    profileId: row.profile_id,
    occurredAt: row.occurred_at,
    receivedAt: row.received_at,
    dialect: row.dialect,
    channel: row.channel,
    sourceId: row.source_id,
    campaignId: row.campaign_id,
    adId: row.ad_id,
    cost: row.cost === null ? null : { amount: Number(row.cost), currency: row.currency! },
    eventId: row.event_id,
    detail: row.detail,
  };
}

export async function readTouchpoint(
  connection: Queryable,
  workspaceId: WorkspaceId,
  id: string,
): Promise<Touchpoint | undefined> {
  const [row] = await connection.query<TouchpointRow>(
    `select ${touchpointColumns} from touchpoint where workspace_id = $1 and id = $2`,
    [workspaceId, id],
  );
  return row && touchpointFromRow(row);
}
