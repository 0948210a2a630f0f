import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { explainViolation } from '../core/quarantine/explain-violation.ts';
import type { QuarantinedEvent, Violation } from '../core/quarantine/quarantine.ts';
import { readQuarantined } from '../core/quarantine/quarantine-store.ts';
import { RequestError } from '../errors.ts';
import type { Outcome } from '../ingest/outcome.ts';
import { committedOutcomes } from '../ingest/request.ts';
import type { Submission } from '../ingest/submission.ts';
import { decodeQuarantinePosition, readQuarantine } from '../query/quarantine/read-quarantine.ts';
import { enterWorkspace, workspaceOf } from './admission.ts';
import { presentQuarantined, presentQuarantinedSummary, presentReplay } from './present.ts';
import { badNext, noSuch } from './refusals.ts';
import { ErrorReply, errors, resourceParameters, WorkspaceParameters } from './schemas/common.ts';
import { QuarantinedReply, QuarantineQuery, QuarantineReply, ReplayReply } from './schemas/data.ts';
import type { NativeDialect, NativeServices } from './services.ts';

const tags = ['Native: quarantine'];
const path = '/workspaces/:workspace/quarantine';
const Parameters = resourceParameters('quarantinedId', 'The quarantined event.');

export function registerQuarantine(
  scope: FastifyInstance,
  services: NativeServices,
  dialects: readonly NativeDialect[],
): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  const onRequest = enterWorkspace.bind(null, services);
  app.get(path, {
    schema: {
      tags,
      summary: 'List bad events, newest first',
      params: WorkspaceParameters,
      querystring: QuarantineQuery,
      response: { 200: QuarantineReply, ...errors(404) },
    },
    onRequest,
    handler: async (request) => {
      const { dialect, rule, since, until, replayed, limit, next: after } = request.query;
      if (after !== undefined && !decodeQuarantinePosition(after)) throw badNext();
      const wanted = { dialect, rule, since, until, replayed, limit, after };
      const page = await readQuarantine(services.database, workspaceOf(request).id, wanted);
      return { events: page.events.map(presentQuarantinedSummary), next: page.next };
    },
  });
  app.get(`${path}/:quarantinedId`, {
    schema: {
      tags,
      summary: 'A bad event, whole, with what it broke',
      params: Parameters,
      response: { 200: QuarantinedReply, ...errors(404) },
    },
    onRequest,
    handler: async (request) => {
      const { id } = workspaceOf(request);
      return presentQuarantined(await findQuarantined(services, id, request.params.quarantinedId));
    },
  });
  registerReplay(scope, services, dialects);
}

async function findQuarantined(
  services: NativeServices,
  workspaceId: Parameters<typeof readQuarantined>[1],
  id: string,
): Promise<QuarantinedEvent> {
  const event = await readQuarantined(services.database, workspaceId, id);
  if (!event) throw noSuch('params/quarantinedId', 'The workspace has no event of this id in quarantine.');
  return event;
}

function registerReplay(
  scope: FastifyInstance,
  services: NativeServices,
  dialects: readonly NativeDialect[],
): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  app.post(`${path}/:quarantinedId/replay`, {
    schema: {
      tags,
      summary: 'Send a bad event on its way again, under the rules as they are now',
      description:
        'Once: after a success a second replay is refused with 409. What still breaks a rule answers 422, and nothing has changed.',
      params: Parameters,
      response: { 200: ReplayReply, 422: ErrorReply, ...errors(404, 409, 422) },
    },
    onRequest: (request) => enterWorkspace(services, request),
    handler: async (request, reply) => {
      const { id } = workspaceOf(request);
      const event = await findQuarantined(services, id, request.params.quarantinedId);
      if (event.replayedAt) throw alreadyReplayed();
      const submission = readAgain(dialects, event);
      if ('rule' in submission) return reply.code(422).send(stillBad(submission));
      const [outcome] = committedOutcomes(await services.ingest.submit(id, submission));
      return answer(outcome!);

      function answer(outcome: Outcome) {
        if (outcome.kind === 'quarantined') return reply.code(422).send(stillBad(outcome.violation));
        if (outcome.kind === 'measured') throw new Error('what is replayed is an event');
        if (outcome.kind !== 'refused') return reply.code(200).send(presentReplay(outcome));
        if (outcome.reason === 'already-replayed') throw alreadyReplayed();
        return reply.code(422).send(stillBad({ rule: outcome.reason, path: null, detail: {} }));
      }
    },
  });
}

/** The event as its dialect reads it now, or what keeps the dialect from reading it at all. */
function readAgain(dialects: readonly NativeDialect[], event: QuarantinedEvent): Submission | Violation {
  const dialect = dialects.find(({ name }) => name === event.dialect);
  if (!dialect) return { rule: 'unknown-dialect', path: null, detail: {} };
  try {
    return {
      ...dialect.replay(event),
      receivedAt: event.receivedAt.getTime(),
      replayOf: { id: event.id },
    };
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const { path = null } = error.details;
    return { rule: error.code, path, detail: { message: error.message } };
  }
}

function alreadyReplayed(): RequestError {
  return new RequestError('conflict', 'The event was replayed already: it is stored, and is replayed once.');
}

function stillBad({ rule, path, detail }: Violation) {
  const error = new RequestError(
    'invalid-request',
    `The event still breaks a rule. ${explainViolation({ rule, path })}`,
  );
  return { error: { code: error.code, message: error.message, violation: { rule, path, detail } } };
}
