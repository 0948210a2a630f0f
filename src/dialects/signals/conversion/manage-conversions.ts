import type { Clock } from '../../../core/clock.ts';
import { changeConfiguration } from '../../../core/workspace/change-configuration.ts';
import type { WorkspaceId } from '../../../core/workspace/workspace.ts';
import type { WorkspaceCache } from '../../../core/workspace/workspace-cache.ts';
import type { Database } from '../../../store/database.ts';
import { requestRecount } from '../conversation/recount.ts';
import { maximumConversions, type WantedConversion } from './conversion.ts';
import { countConversions, readConversion, upsertConversion } from './conversion-store.ts';

export interface ConversionServices {
  readonly database: Database;
  readonly workspaces: WorkspaceCache;
  readonly clock: Clock;
}

/**
 * Sets the campaign's main conversion in place of the one it has (docs/spec/signals.md B6). What messages raised before follows it once the
 * campaign's leads are counted anew: that is asked for with it, and the caller's to start when it was `set`.
 */
export async function setConversion(
  services: ConversionServices,
  workspaceId: WorkspaceId,
  conversion: WantedConversion,
): Promise<'set' | 'unchanged' | 'too-many'> {
  const { campaignId } = conversion;
  const stored = await readConversion(services.database, workspaceId, campaignId);
  if (stored && isEqual(stored, conversion)) return 'unchanged';
  return changeConfiguration(services, workspaceId, new Date(services.clock()), async ({ tx, now }) => {
    const known = await readConversion(tx, workspaceId, campaignId);
    if (!known && (await countConversions(tx, workspaceId)) >= maximumConversions) return 'too-many';
    await upsertConversion(tx, workspaceId, conversion, now);
    await requestRecount(tx, workspaceId, { campaignId }, now);
    return 'set';
  });
}

function isEqual(a: WantedConversion, b: WantedConversion): boolean {
  return a.type === b.type && a.typeValue === b.typeValue && a.typeId === b.typeId;
}
