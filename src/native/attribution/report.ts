import type { Static } from 'typebox';
import { canCost } from '../../core/attribution/sum-spend.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import type { AttributionQuestion } from '../../query/attribution/count-tally.ts';
import { readLabels } from '../../query/attribution/read-labels.ts';
import { readSpendRows } from '../../query/attribution/read-spend.ts';
import type { NativeDialect, NativeServices } from '../services.ts';
import { joinRows, presentReport, valueFormOf } from './present.ts';
import { readAsked, readDays } from './question.ts';
import type { ReportQuery, ReportReply } from './schemas.ts';
import { findTally } from './tally.ts';

/** What each group of touches has brought, and what was spent on it. @throws RequestError `invalid-request`, `took-too-long` */
export async function answerReport(
  services: NativeServices,
  dialects: readonly NativeDialect[],
  cached: Workspace,
  query: Static<typeof ReportQuery>,
): Promise<Static<typeof ReportReply>> {
  const { model, groupBy: grouping, interval = null, dateOf, asOf } = query;
  const asked = await readAsked(services, cached, query);
  const { workspace, settings } = asked;
  const days = readDays(workspace, query, services.clock());
  const isOfTouches = dateOf === 'touch';
  const question: AttributionQuestion = { settings, model, grouping, interval, isOfTouches, days };
  const { tally, asOf: seq } = await findTally(services, asked, question, asOf);
  const attributions = dialects.flatMap(({ attribution }) => attribution ?? []);
  const readers = canCost(grouping) ? attributions.flatMap(({ spend }) => spend ?? []) : [];
  const spend = await readSpendRows(services.database, workspace, readers, question);
  const rows = joinRows(tally, spend);
  const keys = rows.map(({ key }) => key);
  const nameOf = await readLabels(services.database, workspace, attributions, grouping, keys);
  const parameters = {
    model,
    ...days,
    groupBy: grouping,
    interval,
    dateOf,
    asOf: seq,
    countedFrom: seq === null ? 'rows' : 'sums',
  } as const;
  const form = valueFormOf(asked, tally.isMoney);
  return presentReport({ asked, parameters, form, nameOf }, rows, tally.unattributed);
}
