import type { Queryable } from '../../store/queryable.ts';
import type { DialectName } from '../dialect-name.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';

/** Where ads run that touchpoints of a dialect name. */
export interface AdPlatform {
  readonly dialect: DialectName;
  /** The platform's campaigns of those of the ads of which they are known, by the ad's id. */
  readonly campaignsOfAds: (
    connection: Queryable,
    workspaceId: WorkspaceId,
    adIds: readonly string[],
  ) => Promise<ReadonlyMap<string, string>>;
}
