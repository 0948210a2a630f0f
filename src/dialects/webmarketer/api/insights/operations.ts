import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { inProject } from '../../access.ts';
import { readInsights } from '../../query/insights.ts';
import { ProjectParameters } from '../schemas.ts';
import { parseInsightQuestion } from './parse.ts';
import { presentInsight } from './present.ts';
import { InsightsBody, InsightsReply } from './schemas.ts';

const project = '/api/v1/projects/:projectId';

/** docs/spec/webmarketer.md B9. The vendor's page names no path, so there is an alias. */
export const insightOperations: readonly Operation<Services>[] = [
  operation({
    method: 'POST',
    path: [`${project}/events/insights`, `${project}/insights/events`],
    summary: 'Sums of metrics by interval',
    guard: inProject,
    checks: { path: ProjectParameters },
    documents: { body: InsightsBody },
    example: {
      since: '2026-03-01T00:00:00Z',
      until: '2026-03-31T23:59:59Z',
      metrics: ['event-count'],
      groupBy: 'project',
      interval: 'day',
    },
    replies: { 200: InsightsReply },
    handle: async ({ services, access, path: { projectId }, body }) => {
      const question = parseInsightQuestion(body);
      const insights = await readInsights(services, access.workspace, question);
      return insights.map((insight) => presentInsight(projectId, insight));
    },
  }),
];
