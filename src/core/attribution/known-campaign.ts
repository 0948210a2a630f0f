import type { Queryable } from '../../store/queryable.ts';
import type { DialectName } from '../dialect-name.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** A campaign that a dialect knows of, whether it has brought anything or not. */
export interface KnownCampaign {
  /** As reports by campaign call it (grouping.ts). */
  readonly key: string;
  readonly dialect: DialectName;
  /** What reports show it as; null: nobody has told. */
  readonly label: string | null;
  readonly name: string | null;
  /** What it is run in: the integration, the ad account. */
  readonly owner: { readonly id: string; readonly name: string | null } | null;
  /** In the vendor's words. */
  readonly status: string | null;
  readonly createdAt: Date | null;
}

/** A known campaign, and by what its touchpoints are found: they name it, or one of its ads. */
export interface FoundCampaign {
  readonly campaign: KnownCampaign;
  readonly touchedBy: { readonly campaignId: string } | { readonly adIds: readonly string[] };
}

/** The next of a dialect's campaigns, by key. */
export interface CampaignsWanted {
  /** A part of the label or the name, whatever the case; null: all. */
  readonly search: string | null;
  /** Behind this key. */
  readonly after: string | null;
  readonly limit: number;
}

/** The campaigns of a dialect, as reports tell of them. */
export interface CampaignDirectory {
  readonly list: (
    connection: Queryable,
    workspace: Workspace,
    wanted: CampaignsWanted,
  ) => Promise<readonly KnownCampaign[]>;
  /** Undefined: the dialect has none of this key. */
  readonly find: (
    connection: Queryable,
    workspace: Workspace,
    key: string,
  ) => Promise<FoundCampaign | undefined>;
}
