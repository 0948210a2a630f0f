import type { Static } from 'typebox';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { countConversionPaths } from '../../query/attribution/count-conversion-paths.ts';
import { readLabels } from '../../query/attribution/read-labels.ts';
import type { NativeDialect, NativeServices } from '../services.ts';
import { presentAsked, presentCredited, valueFormOf } from './present.ts';
import { readAsked, readDays } from './question.ts';
import type { PathsQuery, PathsReply } from './schemas.ts';
import { tooDear } from './too-dear.ts';

/** The most frequent paths to conversions. @throws RequestError `invalid-request`, `took-too-long` */
export async function answerPaths(
  services: NativeServices,
  dialects: readonly NativeDialect[],
  cached: Workspace,
  query: Static<typeof PathsQuery>,
): Promise<Static<typeof PathsReply>> {
  const { groupBy: grouping, limit } = query;
  const { database, adPlatforms: platforms } = services;
  const asked = await readAsked(services, cached, query);
  const { workspace, settings } = asked;
  const days = readDays(workspace, query, services.clock());
  const counted = await countConversionPaths(database, workspace, { settings, platforms }, days, grouping);
  if (typeof counted === 'string') throw tooDear(counted, 'paths');
  const { paths, isMoney } = counted;
  const frequent = paths.mostFrequent(limit);
  const attributions = dialects.flatMap(({ attribution }) => attribution ?? []);
  const keys = frequent.flatMap((path) => path.keys);
  const nameOf = await readLabels(database, workspace, attributions, grouping, keys);
  const form = valueFormOf(asked, isMoney);
  return {
    parameters: { ...presentAsked(asked), ...days, groupBy: grouping },
    paths: frequent.map(({ keys: path, medianSeconds, meanSeconds, ...credited }) => ({
      path: path.map(nameOf),
      ...presentCredited(credited, form),
      medianSeconds,
      meanSeconds,
    })),
    pathCount: paths.size,
    total: presentCredited(paths.total, form),
  };
}
