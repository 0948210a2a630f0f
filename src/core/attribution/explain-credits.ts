import type { ConversionSettings } from './conversion.ts';
import { creditPath } from './credit-journey.ts';
import { judgeTouches, pathOf } from './judge-touches.ts';
import type { RuleModel } from './models.ts';
import { type Credited, type CreditedPath, nothing } from './tally.ts';
import type { Journey, JudgedTouch, Touch } from './touch.ts';

/** A touch with what it is credited with, or the rule that left it out. */
export type ExplainedTouch = JudgedTouch & Credited;

export interface Explanation {
  /** Oldest first. */
  readonly touches: readonly ExplainedTouch[];
  readonly credited: CreditedPath;
}

/**
 * Says of each touch of the person what a conversion gives it, and why. `others`: touches of the person before the lookback and after
 * the conversion.
 */
export function explainCredits(
  journey: Journey,
  others: readonly Touch[],
  settings: ConversionSettings,
  model: RuleModel,
): Explanation {
  const judged = judgeTouches(settings, journey, [...journey.touches, ...others]);
  const credited = creditPath(journey, pathOf(judged), settings, model);
  const shares = new Map<string, Credited>(credited.touches.map(({ touch, ...share }) => [touch.id, share]));
  const touches = judged.map((one) => ({ ...one, ...(shares.get(one.touch.id) ?? nothing) }));
  return { touches, credited };
}
