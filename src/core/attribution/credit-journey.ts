import { apportion } from './apportion.ts';
import type { ConversionSettings } from './conversion.ts';
import { judgeTouches, pathOf } from './judge-touches.ts';
import { creditsOf, type RuleModel, wholeCredit } from './models.ts';
import type { CreditedPath } from './tally.ts';
import type { Journey, Touch } from './touch.ts';
import { wholeValueOf } from './units.ts';

/** Hands a conversion and its value to the touches on its path. */
export function creditJourney(
  journey: Journey,
  settings: ConversionSettings,
  model: RuleModel,
): CreditedPath {
  return creditPath(journey, pathOf(judgeTouches(settings, journey, journey.touches)), settings, model);
}

/** As `creditJourney`, with the touches on its path, which are known already. */
export function creditPath(
  journey: Pick<Journey, 'personId' | 'convertedAt' | 'value'>,
  path: readonly Touch[],
  settings: ConversionSettings,
  model: RuleModel,
): CreditedPath {
  // What could not be counted is nothing.
  const { units, millionths } = wholeValueOf(journey.value?.amount ?? '0', journey.value?.currency ?? null);
  const credits = creditsOf(model, settings, path);
  const values = path.length === 0 ? [] : apportion(units, credits);
  return {
    personId: journey.personId,
    convertedAt: journey.convertedAt,
    conversions: wholeCredit,
    value: units * millionths,
    touches: path.map((touch, index) => ({
      touch,
      conversions: BigInt(credits[index] ?? 0),
      value: (values[index] ?? 0n) * millionths,
    })),
  };
}
