import type { FastifyInstance } from 'fastify';
import { RequestError } from '../../../../errors.ts';
import { accessOf } from '../../../../http/access.ts';
import type { Services } from '../../../dialect.ts';
import { type ClientAppPath, requireKey, requireTrackedApp } from '../../access.ts';
import { warningsOf } from '../../conversion/generic-text.ts';
import { setConversion } from '../../conversion/manage-conversions.ts';
import { clientAppPrefix } from '../app-routes.ts';
import { success } from '../present.ts';
import { startRecount } from '../recount.ts';
import { ClientAppParameters, SuccessReply } from '../schemas.ts';
import { parseConversion } from './parse.ts';
import { ConvertedEventBody } from './schemas.ts';

/** docs/spec/signals.md ruling 1, B6. */
export function registerConversionRoutes(app: FastifyInstance, services: Services): void {
  app.post(`${clientAppPrefix}/converted_events`, {
    schema: {
      tags: ['Signals'],
      summary: 'Create converted event',
      description: 'Sets the event that a campaign’s success is counted by, in place of the one it has.',
      params: ClientAppParameters,
      body: ConvertedEventBody,
      response: { 200: SuccessReply },
    },
    onRequest: (request) => requireKey(services, request),
    handler: async (request, reply) => {
      const { workspace } = accessOf(request);
      requireTrackedApp(workspace, request.params as ClientAppPath);
      const conversion = parseConversion(request.body);
      const outcome = await setConversion(services, workspace.id, conversion);
      if (outcome === 'too-many')
        throw new RequestError(
          'conflict',
          'There are too many converted events: no further campaign can have one',
        );
      if (outcome === 'set') await startRecount(services, workspace.id);
      // The vendor's answer has no place for it.
      for (const warning of warningsOf(conversion)) reply.header('x-throughline-warning', warning);
      return success;
    },
  });
}
