import { type Operation, operation } from '../../http/operation.ts';
import { inWorkspace } from '../guards.ts';
import { JobReply } from '../jobs/schemas.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeDialect, NativeServices } from '../services.ts';
import { explainConversion } from './credits.ts';
import { answerPaths } from './paths.ts';
import { answerReport } from './report.ts';
import {
  CreditsParameters,
  CreditsQuery,
  CreditsReply,
  ModelBody,
  ModelsQuery,
  ModelsReply,
  PathsQuery,
  PathsReply,
  ReportQuery,
  ReportReply,
} from './schemas.ts';
import { listModels, requestModel } from './whole-models.ts';

const workspace = '/workspaces/:workspace';

/** Which touches brought success, and what they cost. */
export function attributionOperations(
  dialects: readonly NativeDialect[],
): readonly Operation<NativeServices>[] {
  return [
    operation({
      method: 'GET',
      path: `${workspace}/attribution`,
      summary: 'What each campaign, channel or integration has brought: conversions, value, spend',
      description:
        'Credit of a conversion sums to 1 and its value to the cent, what no touch led to included: rows and unattributed are the total.',
      guard: inWorkspace,
      checks: { path: WorkspaceParameters, query: ReportQuery },
      replies: { 200: ReportReply, ...errors(404, 409) },
      handle: ({ services, access, query }) => answerReport(services, dialects, access.workspace, query),
    }),
    operation({
      method: 'POST',
      path: `${workspace}/attribution/models`,
      summary: 'Have the result of a data-driven model made: markov or shapley',
      description:
        'It looks at all conversions of the days together, by a job, whose result is kept: GET …/attribution with the same parameters answers from it.',
      guard: inWorkspace,
      checks: { path: WorkspaceParameters, body: ModelBody },
      status: 202,
      replies: { 202: JobReply, ...errors(404) },
      handle: ({ services, access, body }) =>
        requestModel(services, access.workspace, body, access.credential.name),
    }),
    operation({
      method: 'GET',
      path: `${workspace}/attribution/models`,
      summary:
        'Which results of data-driven models have been asked for, newest first, and what became of them',
      description: 'GET …/attribution answers from the last that is finished of a question.',
      guard: inWorkspace,
      checks: { path: WorkspaceParameters, query: ModelsQuery },
      replies: { 200: ModelsReply, ...errors(404) },
      handle: ({ services, access, query }) => listModels(services, access.workspace, query),
    }),
    operation({
      method: 'GET',
      path: `${workspace}/attribution/paths`,
      summary: 'The most frequent paths of touches to conversions',
      guard: inWorkspace,
      checks: { path: WorkspaceParameters, query: PathsQuery },
      replies: { 200: PathsReply, ...errors(404) },
      handle: ({ services, access, query }) => answerPaths(services, dialects, access.workspace, query),
    }),
    operation({
      method: 'GET',
      path: `${workspace}/conversions/:eventId/credits`,
      summary:
        'Why a conversion is credited as it is: each touch of the person with its credit, or the rule that left it out',
      guard: inWorkspace,
      checks: { path: CreditsParameters, query: CreditsQuery },
      replies: { 200: CreditsReply, ...errors(404) },
      handle: ({ services, access, path: { eventId }, query }) =>
        explainConversion(services, dialects, access.workspace, eventId, query),
    }),
  ];
}
