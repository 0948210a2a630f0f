import type { Static } from 'typebox';
import { canCost } from '../../core/attribution/sum-spend.ts';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { RequestError } from '../../errors.ts';
import { type Operation, operation } from '../../http/operation.ts';
import {
  type AttributionQuestion,
  countTally,
  maximumCounted,
  type TooDear,
} from '../../query/attribution/count-tally.ts';
import { readLabels } from '../../query/attribution/read-labels.ts';
import { readSpendRows } from '../../query/attribution/read-spend.ts';
import { inWorkspace } from '../guards.ts';
import { wrong } from '../refusals.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeDialect, NativeServices } from '../services.ts';
import { joinRows, presentReport, valueFormOf } from './present.ts';
import { readAsked, readDays } from './question.ts';
import { ReportQuery, ReportReply } from './schemas.ts';

const path = '/workspaces/:workspace/attribution';

/** Which touches brought success, and what they cost. */
export function attributionOperations(
  dialects: readonly NativeDialect[],
): readonly Operation<NativeServices>[] {
  return [
    operation({
      method: 'GET',
      path,
      summary: 'What each campaign, channel or integration has brought: conversions, value, spend',
      description:
        'Credit of a conversion sums to 1 and its value to the cent, what no touch led to included: rows and unattributed are the total.',
      guard: inWorkspace,
      checks: { path: WorkspaceParameters, query: ReportQuery },
      replies: { 200: ReportReply, ...errors(404) },
      handle: ({ services, access, query }) => answerReport(services, dialects, access.workspace, query),
    }),
  ];
}

async function answerReport(
  services: NativeServices,
  dialects: readonly NativeDialect[],
  cached: Workspace,
  query: Static<typeof ReportQuery>,
): Promise<Static<typeof ReportReply>> {
  const { model, groupBy: grouping, interval = null, dateOf, asOf } = query;
  const asked = await readAsked(services, cached, query);
  const { workspace, settings } = asked;
  const days = readDays(workspace, query, services.clock());
  if (asOf !== undefined) throw notKept();
  const isOfTouches = dateOf === 'touch';
  const question: AttributionQuestion = { settings, model, grouping, interval, isOfTouches, days };
  const tally = await countTally(services.database, workspace, question, services.adPlatforms);
  if (typeof tally === 'string') throw tooDear(tally);
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
    asOf: null,
    countedFrom: 'rows',
  } as const;
  const form = valueFormOf(asked, tally.isMoney);
  return presentReport({ asked, parameters, form, nameOf }, rows, tally.unattributed);
}

function notKept(): RequestError {
  return wrong(
    'querystring/asOf',
    'querystring/asOf is answered of kept conversions alone: keep one of these settings by POST …/conversions, or leave it out.',
  );
}

function tooDear(why: TooDear): RequestError {
  const remedy =
    'keep a conversion of these settings by POST …/conversions, whose sums answer at once, or ask for fewer days.';
  if (why === 'too-many')
    return wrong(
      'querystring/since',
      `There are more than ${maximumCounted} conversions in these days, too many to be counted from the rows: ${remedy}`,
    );
  return new RequestError('took-too-long', `It takes too long to count this from the rows: ${remedy}`, {
    retryAfterSeconds: 30,
  });
}
