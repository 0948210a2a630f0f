import { PathCount } from '../../core/attribution/count-paths.ts';
import { creditJourney } from '../../core/attribution/credit-journey.ts';
import type { Grouping } from '../../core/attribution/grouping.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import type { Queryable } from '../../store/queryable.ts';
import { type AskedJourneys, eachJourney, type TooDear } from './count-tally.ts';
import { type AskedDays, instantsOf, intervalIn } from './local-interval.ts';

/** The paths of conversions within the days, and what the conversions' value is of: see `Tally.isMoney`. */
export interface ConversionPaths {
  readonly paths: PathCount;
  readonly isMoney: boolean | undefined;
}

export async function countConversionPaths(
  connection: Queryable,
  workspace: Workspace,
  { settings, platforms }: Omit<AskedJourneys, 'span'>,
  days: AskedDays,
  grouping: Grouping,
): Promise<ConversionPaths | TooDear> {
  const intervalOf = intervalIn(days, workspace.timezone, null);
  const paths = new PathCount(grouping);
  let isMoney: boolean | undefined;
  const asked = { settings, platforms, span: instantsOf(days, workspace.timezone) };
  const dear = await eachJourney(connection, workspace, asked, (journey) => {
    if (intervalOf(journey.convertedAt) === undefined) return;
    // Which touches lie on the path is the same by every model.
    paths.add(creditJourney(journey, settings, 'linear'));
    if (journey.value !== null) isMoney = isMoney === true || journey.value.currency !== null;
  });
  return dear ?? { paths, isMoney };
}
