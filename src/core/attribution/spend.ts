import type { Queryable } from '../../store/queryable.ts';
import type { Workspace, WorkspaceId } from '../workspace/workspace.ts';
import type { CampaignDirectory } from './known-campaign.ts';
import type { Origin } from './touch.ts';

/** Days from `since` up to, but not at, `until`: `YYYY-MM-DD`. */
export interface DaysAsked {
  readonly since: string;
  readonly until: string;
  /** `since`, the days at which the next intervals of the question begin, and `until`. */
  readonly bounds: readonly string[];
}

/** What was spent on touches of an origin on a day; of the workspace's currency it may be on all days up to the end of the interval. */
export interface SpendDay {
  readonly origin: Origin;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** A decimal number as text, in the units (not the cents) of the currency. */
  readonly amount: string;
  /** ISO 4217. */
  readonly currency: string;
}

/**
 * What a dialect knows to have been spent, day by day, since each has a rate of its own; no rate is needed for the workspace's currency. Days are the workspace's; but where the vendor tells whole days of another time zone,
 * they are those of the same date.
 */
export type ReadSpend = (
  connection: Queryable,
  workspace: Workspace,
  days: DaysAsked,
) => Promise<readonly SpendDay[]>;

/** Ids of an advertising platform. */
export interface AdIds {
  readonly campaignIds: readonly string[];
  readonly adIds: readonly string[];
}

/** What an advertising platform's campaigns and ads are called, by their ids; those of no name are left out. */
export interface AdNames {
  readonly campaigns: ReadonlyMap<string, string>;
  readonly ads: ReadonlyMap<string, string>;
}

/** What reports of attribution take from a dialect. */
export interface DialectAttribution {
  readonly spend?: ReadSpend;
  readonly adNames?: (connection: Queryable, workspaceId: WorkspaceId, ids: AdIds) => Promise<AdNames>;
  readonly campaigns?: CampaignDirectory;
}
