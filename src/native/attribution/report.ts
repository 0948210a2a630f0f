import type { Static } from 'typebox';
import { canCost } from '../../core/attribution/sum-spend.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { readLabels } from '../../query/attribution/read-labels.ts';
import { readSpendRows } from '../../query/attribution/read-spend.ts';
import { wrong } from '../refusals.ts';
import type { NativeDialect, NativeServices } from '../services.ts';
import { joinRows, presentReport, valueFormOf } from './present.ts';
import { askedAsOf, readAsked, readDays } from './question.ts';
import type { ReportQuery, ReportReply } from './schemas.ts';
import { findPastTally, findTally } from './tally.ts';
import { findResult, isWhole } from './whole-models.ts';

/** What each group of touches has brought, and what was spent on it. @throws RequestError `invalid-request`, `took-too-long` */
export async function answerReport(
  services: NativeServices,
  dialects: readonly NativeDialect[],
  cached: Workspace,
  query: Static<typeof ReportQuery>,
): Promise<Static<typeof ReportReply>> {
  const { model, groupBy: grouping, interval = null, dateOf, asOf } = query;
  const present = await readAsked(services, cached, query);
  if (isWhole(model)) refuseParts(model, query);
  const past = asOf === undefined ? undefined : await askedAsOf(services, present, query, asOf);
  const asked = past ?? present;
  const { workspace, settings } = asked;
  const days = readDays(workspace, query, services.clock());
  const isOfTouches = dateOf === 'touch';
  const question = { settings, grouping, interval, isOfTouches, days };
  const {
    tally,
    asOf: seq,
    countedFrom,
  } = isWhole(model)
    ? { ...(await findResult(services, asked, model, grouping, days)), countedFrom: 'model' as const }
    : await (past
        ? findPastTally(services, past, { ...question, model })
        : findTally(services, asked, { ...question, model }));
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
    countedFrom,
  } as const;
  const form = valueFormOf(asked, tally.isMoney);
  return presentReport({ asked, parameters, form, nameOf }, rows, tally.unattributed);
}

/** @throws RequestError `invalid-request` */
function refuseParts(
  model: string,
  { interval, dateOf, asOf }: Pick<Static<typeof ReportQuery>, 'interval' | 'dateOf' | 'asOf'>,
): void {
  const isAsked = { interval: interval !== undefined, asOf: asOf !== undefined, dateOf: dateOf === 'touch' };
  const [refused] = Object.entries(isAsked).find(([, asked]) => asked) ?? [];
  if (refused === undefined) return;
  const path = `querystring/${refused}`;
  throw wrong(
    path,
    `${path} can't be asked for of the model ${model}, whose result is of all the days together.`,
  );
}
