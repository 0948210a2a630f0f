import type { AdPlatform } from '../../core/attribution/ad-platform.ts';
import type { ConversionSettings } from '../../core/attribution/conversion.ts';
import { creditJourney } from '../../core/attribution/credit-journey.ts';
import type { Grouping } from '../../core/attribution/grouping.ts';
import { readJourneys } from '../../core/attribution/journey-store.ts';
import type { RuleModel } from '../../core/attribution/models.ts';
import { type Tally, Tallying } from '../../core/attribution/tally.ts';
import type { Journey } from '../../core/attribution/touch.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import type { Queryable } from '../../store/queryable.ts';
import { type ConvertedBetween, type ConvertingEvent, listConverting } from './list-converting.ts';
import { type AskedDays, type AttributionInterval, instantsOf, intervalIn } from './local-interval.ts';

/** What a report asks for. */
export interface AttributionQuestion {
  readonly settings: ConversionSettings;
  readonly model: RuleModel;
  readonly grouping: Grouping;
  readonly interval: AttributionInterval | null;
  /** Whether credit is dated by its touch, and not by the conversion. */
  readonly isOfTouches: boolean;
  readonly days: AskedDays;
}

/** A question that is counted from the rows takes as long as there are conversions. */
export const maximumCounted = 50_000;
export const countingMilliseconds = 8_000;
const pageSize = 500;
const dayInMilliseconds = 24 * 60 * 60 * 1000;

/** Why a question can't be counted from the rows. */
export type TooDear = 'too-many' | 'too-long';

/** Counts from the conversions themselves, page by page, what they bring to the groups of their touches. */
export async function countTally(
  connection: Queryable,
  workspace: Workspace,
  question: AttributionQuestion,
  platforms: readonly AdPlatform[],
): Promise<Tally | TooDear> {
  const { settings, model, grouping, interval, isOfTouches, days } = question;
  const intervalOf = intervalIn(days, workspace.timezone, interval);
  const tallying = new Tallying({ grouping, intervalOf, isOfTouches });
  const { from, until } = instantsOf(days, workspace.timezone);
  // A touch of the last day can have led to what converted as long after it as touches are looked back for.
  const reach = isOfTouches ? settings.lookbackDays * dayInMilliseconds : 0;
  const span = { from, until: until + reach };
  const asked = { settings, span, platforms };
  const dear = await eachJourney(connection, workspace, asked, (journey) =>
    tallying.add(creditJourney(journey, settings, model), journey.value?.currency),
  );
  return dear ?? tallying.tally;
}

/** Which conversions are gone through. */
export interface AskedJourneys {
  readonly settings: ConversionSettings;
  readonly span: ConvertedBetween;
  readonly platforms: readonly AdPlatform[];
}

/** Hands over each conversion of a time with its touches, in pages; answers why it has ended before the last, if it has. */
export async function eachJourney(
  connection: Queryable,
  workspace: Workspace,
  { settings, span, platforms }: AskedJourneys,
  take: (journey: Journey) => void,
): Promise<TooDear | undefined> {
  const deadline = performance.now() + countingMilliseconds;
  let after: ConvertingEvent | null = null;
  for (let counted = 0; ; counted += pageSize) {
    if (counted > maximumCounted) return 'too-many';
    if (performance.now() > deadline) return 'too-long';
    const page: ConvertingEvent[] = await listConverting(
      connection,
      workspace,
      settings,
      span,
      after,
      pageSize,
    );
    const ids = page.map(({ id }) => id);
    for (const journey of await readJourneys(connection, workspace, settings, ids, platforms)) take(journey);
    if (page.length < pageSize) return undefined;
    after = page.at(-1) ?? null;
  }
}
