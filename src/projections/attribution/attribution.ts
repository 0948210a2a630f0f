import type { AdPlatform } from '../../core/attribution/ad-platform.ts';
import type { Projection } from '../projection.ts';
import { checkAttribution } from './check.ts';
import { markMoves, markParted, markRows } from './follow.ts';
import { rebuildAttribution } from './rebuild.ts';

/**
 * Which touches led to the conversions that a workspace keeps, and with what credit by day. What is written only marks what has to be counted
 * anew; that is settled behind it (settle.ts).
 */
export function attribution(adPlatforms: readonly AdPlatform[]): Projection {
  return {
    counts: 'convertingEvents',
    rebuild: rebuildAttribution(adPlatforms),
    verify: checkAttribution(adPlatforms),
    followRows: markRows,
    followEvents: markMoves,
    followMoves: markParted,
  };
}
