import type { Projection, RebuildPart, RebuildStep } from '../../src/projections/projection.ts';

/** Makes all of a projection anew, part after part, and answers what was counted. */
export async function rebuildWhole(
  rebuild: Projection['rebuild'],
  services: Pick<RebuildPart, 'database' | 'workspaces' | 'workspaceId'>,
): Promise<number> {
  const stopping = new AbortController().signal;
  let total = 0;
  for (let place: RebuildStep['next'] = null; place !== 'done'; ) {
    const step: RebuildStep = await rebuild({ ...services, place, stopping });
    total += step.counted;
    place = step.next;
  }
  return total;
}
