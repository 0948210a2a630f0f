import { apportion } from './apportion.ts';
import type { ConversionSettings } from './conversion.ts';
import { isDirect } from './judge-touches.ts';
import type { Touch } from './touch.ts';

/** Models whose credits follow from one conversion's path alone. */
export const ruleModels = ['first', 'last', 'last-non-direct', 'linear', 'position', 'time-decay'] as const;

export type RuleModel = (typeof ruleModels)[number];

/** What one conversion's credits sum to. */
export const wholeCredit = 1_000_000_000n;

const dayInMilliseconds = 24 * 60 * 60 * 1000;
/** Percents of `position` count to a millionth. */
const partsOfPercent = 1_000_000;

/** What models look at of a touch. */
export type CreditedTouch = Pick<Touch, 'at' | 'origin'>;

/** The parts of the settings that models look at. */
export type ModelSettings = Pick<ConversionSettings, 'position' | 'halfLifeDays'>;

/**
 * The credit of each touch of a path, which is in the order of touches: whole numbers that sum to exactly `wholeCredit`. Nothing for an
 * empty path: that conversion is unattributed.
 */
export function creditsOf(
  model: RuleModel,
  settings: ModelSettings,
  path: readonly CreditedTouch[],
): number[] {
  if (path.length === 0) return [];
  return apportion(wholeCredit, weightsOf(model, settings, path)).map(Number);
}

function weightsOf(
  model: RuleModel,
  settings: ModelSettings,
  path: readonly CreditedTouch[],
): readonly number[] {
  switch (model) {
    case 'first':
      return onlyAt(0, path.length);
    case 'last':
      return onlyAt(path.length - 1, path.length);
    case 'last-non-direct': {
      const last = path.findLastIndex((touch) => !isDirect(touch));
      return onlyAt(last === -1 ? path.length - 1 : last, path.length);
    }
    case 'linear':
      return path.map(() => 1);
    case 'position':
      return positionWeights(settings.position, path.length);
    case 'time-decay':
      return decayWeights(settings.halfLifeDays, path);
  }
}

function onlyAt(index: number, length: number): number[] {
  return Array.from({ length }, (_, position) => (position === index ? 1 : 0));
}

/** What is for the touches between goes, where there are none, to the first and the last in proportion; to both alike if they have none. */
function positionWeights(percent: { first: number; last: number }, length: number): number[] {
  const first = Math.round(percent.first * partsOfPercent);
  const last = Math.round(percent.last * partsOfPercent);
  const rest = 100 * partsOfPercent - first - last;
  const between = length - 2;
  if (between > 0) return [first * between, ...Array<number>(between).fill(rest), last * between];
  return length === 2 && first + last > 0 ? [first, last] : Array<number>(length).fill(1);
}

/** Ages are counted from the newest touch: the proportions are those of ages from the conversion, and the greatest is 1, however old. */
function decayWeights(halfLifeDays: number, path: readonly CreditedTouch[]): number[] {
  const newest = path.at(-1)?.at ?? 0;
  return path.map(({ at }) => 2 ** ((at - newest) / (halfLifeDays * dayInMilliseconds)));
}
