import type { AdPlatform } from '../../core/attribution/ad-platform.ts';
import type { ConversionSettings } from '../../core/attribution/conversion.ts';
import { type Explanation, explainCredits } from '../../core/attribution/explain-credits.ts';
import { readJourneys, readTouches } from '../../core/attribution/journey-store.ts';
import type { RuleModel } from '../../core/attribution/models.ts';
import type { Journey } from '../../core/attribution/touch.ts';
import { firstInstant, lastInstant } from '../../core/value/instant.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import type { Queryable } from '../../store/queryable.ts';

/** Of one person. */
export const maximumExplained = 2000;

const dayInMilliseconds = 24 * 60 * 60 * 1000;

/** What a conversion gives each touch of its person, and why; undefined for an event that it does not count. */
export async function readExplanation(
  connection: Queryable,
  workspace: Workspace,
  settings: ConversionSettings,
  model: RuleModel,
  eventId: string,
  platforms: readonly AdPlatform[],
): Promise<(Explanation & { readonly journey: Journey }) | undefined> {
  const [journey] = await readJourneys(connection, workspace, settings, [eventId], platforms);
  if (!journey) return undefined;
  const { personId, convertedAt } = journey;
  const ever = { key: personId, personId, since: firstInstant, until: lastInstant };
  const touches = await readTouches(connection, workspace.id, [ever], maximumExplained, platforms);
  const since = convertedAt - settings.lookbackDays * dayInMilliseconds;
  const others = (touches.get(personId) ?? []).filter(({ at }) => at < since || at > convertedAt);
  return { journey, ...explainCredits(journey, others, settings, model) };
}
