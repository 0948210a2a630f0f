import Type from 'typebox';
import { Value } from 'typebox/value';
import type { AdPlatform } from '../../core/attribution/ad-platform.ts';
import { readConversions } from '../../core/attribution/conversion-store.ts';
import { mendLevels } from '../../core/attribution/people-store.ts';
import { addSums, insertStep, lockSettling } from '../../core/attribution/sum-store.ts';
import { systemClock } from '../../core/clock.ts';
import { newId } from '../../core/id.ts';
import { changeWorkspacePrepared } from '../../core/workspace/change-workspace.ts';
import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import type { RebuildPart, RebuildStep } from '../projection.ts';
import { countNextAnew, firstCountPlace } from './count-anew.ts';
import { loadCountingRules } from './counting-rules.ts';
import { findSumDifference } from './derive-sums.ts';
import type { SettlingServices } from './settle.ts';

/** Of which conversion, by its number, and where in it. */
const Place = Type.Object({
  conversion: Type.Integer(),
  part: Type.Union([Type.Literal('events'), Type.Literal('paths'), Type.Literal('sums')]),
  after: Type.Union([Type.Object({ at: Type.Number(), id: Type.String() }), Type.Null()]),
});

/**
 * Counts every conversion anew from its events, and then the sums from the paths: what they are wrong by is added to them, and recorded as
 * whatever else is. While the sums of a conversion are compared nobody settles; events come in.
 */
export function rebuildAttribution(adPlatforms: readonly AdPlatform[]) {
  return async ({ database, workspaces, workspaceId, place }: RebuildPart): Promise<RebuildStep> => {
    const services: SettlingServices = { database, workspaces, adPlatforms, clock: systemClock };
    const conversions = await readConversions(database, workspaceId);
    const known = place && Value.Parse(Place, place);
    const conversion = conversions.find(({ number }) => number >= (known?.conversion ?? 0));
    if (!conversion) return { counted: 0, next: 'done' };
    const { number } = conversion;
    const { part, after } = known?.conversion === number ? known : firstCountPlace;
    if (part === 'sums') {
      await mendSums(services, workspaceId, number);
      return { counted: 0, next: { conversion: number + 1, ...firstCountPlace } };
    }
    const { counted, next } = await countNextAnew(services, workspaceId, conversion, { part, after });
    return { counted, next: { conversion: number, ...(next ?? { part: 'sums', after: null }) } };
  };
}

async function mendSums(
  services: SettlingServices,
  workspaceId: WorkspaceId,
  conversion: number,
): Promise<void> {
  const now = new Date(services.clock());
  await changeWorkspacePrepared(
    services,
    workspaceId,
    now,
    async (tx) => {
      const head = await lockSettling(tx, workspaceId);
      if (!head) return undefined;
      const rules = await loadCountingRules(tx, workspaceId);
      const difference = await findSumDifference(tx, workspaceId, rules, conversion);
      const isRight = difference.days.length + difference.people.length === 0;
      await Promise.all(addSums(tx, workspaceId, head.step, difference));
      await mendLevels(tx, workspaceId, conversion);
      return isRight ? undefined : head.step;
    },
    async ({ tx, record }, step) => {
      if (step === undefined) return;
      const seq = record({ entity: 'attribution', entityId: newId(now.getTime()), operation: 'update' });
      await insertStep(tx, workspaceId, step, seq);
    },
  );
}
