import { apportion } from './apportion.ts';
import type { ConversionSettings } from './conversion.ts';
import { judgeTouches, pathOf } from './judge-touches.ts';
import { creditsOf, type RuleModel, wholeCredit } from './models.ts';
import type { CreditedPath } from './tally.ts';
import type { Journey, Touch } from './touch.ts';
import { minorDigitsOf, numberDigits, toUnits } from './units.ts';

/** A value as it is handed out: whole `units`, each of which is so many millionths. */
interface WholeValue {
  readonly units: bigint;
  readonly millionths: bigint;
}

/** Amounts are handed out in the smallest units of their currency, other numbers in millionths; what could not be counted is nothing. */
function wholeValueOf({ value }: Pick<Journey, 'value'>): WholeValue {
  if (value === null) return { units: 0n, millionths: 1n };
  const digits = value.currency === null ? numberDigits : minorDigitsOf(value.currency);
  return { units: toUnits(value.amount, digits), millionths: 10n ** BigInt(numberDigits - digits) };
}

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
  const { units, millionths } = wholeValueOf(journey);
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
