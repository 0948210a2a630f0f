import type { FastifyInstance } from 'fastify';
import type { Services } from '../../../dialect.ts';
import { admit, projectOf } from '../../access.ts';
import { readInsights } from '../../query/insights.ts';
import { ProjectParameters } from '../schemas.ts';
import { parseInsightQuestion } from './parse.ts';
import { presentInsight } from './present.ts';
import { InsightsBody, InsightsReply } from './schemas.ts';

/** docs/spec/webmarketer.md B9. The vendor's page names no path, so there is an alias. */
export function registerInsightRoutes(app: FastifyInstance, services: Services): void {
  for (const path of ['/events/insights', '/insights/events']) {
    app.route({
      method: 'POST',
      url: `/api/v1/projects/:projectId${path}`,
      schema: {
        tags: ['Webmarketer'],
        summary: 'Sums of metrics by interval',
        params: ProjectParameters,
        body: InsightsBody,
        response: { 200: InsightsReply },
      },
      onRequest: (request) => admit(services, request),
      handler: async (request) => {
        const { projectId, access } = projectOf(request);
        const question = parseInsightQuestion(request.body);
        const insights = await readInsights(services, access.workspace, question);
        return insights.map((insight) => presentInsight(projectId, insight));
      },
    });
  }
}
