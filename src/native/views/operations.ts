import Type from 'typebox';
import { type InsightView, readViews } from '../../core/insight-view/insight-view-store.ts';
import {
  addView,
  changeView,
  maximumViews,
  removeView,
  type ViewRefusal,
} from '../../core/insight-view/manage-views.ts';
import { type Operation, operation } from '../../http/operation.ts';
import { inWorkspace } from '../guards.ts';
import { metricForm, parseMetric } from '../insights/metric.ts';
import { noSuch, refuseNamed, wrong } from '../refusals.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeServices } from '../services.ts';
import { presentView } from './present.ts';
import { ViewBody, ViewParameters, ViewReply, ViewsReply } from './schemas.ts';

const path = '/workspaces/:workspace/views';

const noView = () =>
  noSuch('params/viewId', 'The workspace has no view of this id; GET …/views lists those there are.');

/** @throws RequestError for what is refused */
function taken(answer: InsightView | ViewRefusal): InsightView {
  switch (answer) {
    case 'no-such-view':
      throw noView();
    case 'name-taken':
    case 'too-many':
      throw refuseNamed(answer, 'view', maximumViews);
    default:
      return answer;
  }
}

/** Whether the types and APIs are there is seen when the question is asked: they come and go. @throws RequestError */
function checkMetrics(metrics: readonly string[]): void {
  const place = metrics.findIndex((text) => text.includes(',') || !parseMetric(text));
  if (place < 0) return;
  const where = `body/question/metrics/${place}`;
  throw wrong(where, `${where} is no metric: write ${metricForm}`);
}

/** Questions to insights, each under a name that all who see the workspace find it by. */
export const viewOperations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'GET',
    path,
    summary: 'List the views that are saved',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters },
    replies: { 200: ViewsReply, ...errors(404) },
    handle: async ({ services: { database }, access: { workspace } }) => ({
      views: (await readViews(database, workspace.id)).map(presentView),
    }),
  }),
  operation({
    method: 'POST',
    path,
    summary: 'Save a question to insights under a name',
    description: `A workspace has at most ${maximumViews} views.`,
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, body: ViewBody },
    status: 201,
    replies: { 201: ViewReply, ...errors(404, 409) },
    handle: async ({ services, access: { workspace }, body }) => {
      checkMetrics(body.question.metrics);
      return presentView(taken(await addView(services, workspace.id, body, new Date(services.clock()))));
    },
  }),
  operation({
    method: 'PUT',
    path: `${path}/:viewId`,
    summary: 'Put another name and question in place of a view’s',
    guard: inWorkspace,
    checks: { path: ViewParameters, body: ViewBody },
    replies: { 200: ViewReply, ...errors(404, 409) },
    handle: async ({ services, access: { workspace }, path: { viewId }, body }) => {
      checkMetrics(body.question.metrics);
      const now = new Date(services.clock());
      return presentView(taken(await changeView(services, workspace.id, viewId, body, now)));
    },
  }),
  operation({
    method: 'DELETE',
    path: `${path}/:viewId`,
    summary: 'Delete a view',
    guard: inWorkspace,
    checks: { path: ViewParameters },
    status: 204,
    replies: { 204: Type.Null({ description: 'It is no more.' }), ...errors(404) },
    handle: async ({ services, access: { workspace }, path: { viewId } }) => {
      if (!(await removeView(services, workspace.id, viewId, new Date(services.clock())))) throw noView();
    },
  }),
];
