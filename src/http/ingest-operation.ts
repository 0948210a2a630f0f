import type { FastifyRequest } from 'fastify';
import type { Static, TSchema } from 'typebox';
import type { Clock } from '../core/clock.ts';
import type { DialectName } from '../core/dialect-name.ts';
import type { Workspace, WorkspaceId } from '../core/workspace/workspace.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { Prepared } from '../ingest/item.ts';
import type { Outcome } from '../ingest/outcome.ts';
import { committedOutcomes } from '../ingest/request.ts';
import type { Submission } from '../ingest/submission.ts';
import { type Call, type Definition, type Operation, operation } from './operation.ts';

/** What a request asks to be stored, as its dialect has read it. */
export interface Reading extends Pick<Submission, 'dedupe' | 'carriesEvents'> {
  /** How many items there are. */
  readonly size: number;
  readonly prepare: (workspace: Workspace, receivedAt: number) => Prepared[];
  /** The JSON text of an item; the whole body's unless said. */
  readonly raw?: (index: number) => string;
  /** What besides the body the dialect needs to read an item again. */
  readonly request?: Record<string, unknown>;
}

interface IngestServices {
  readonly ingest: Ingest;
  readonly clock: Clock;
}

interface IngestAccess {
  readonly workspace: { readonly id: WorkspaceId };
}

/** What of a call the ingest needs. */
interface Called {
  readonly services: IngestServices;
  readonly access: IngestAccess;
  readonly request: Pick<FastifyRequest, 'rawBody'>;
}

/** What stands in the place of a handler. */
interface Ingestion<Request> {
  readonly dialect: DialectName;
  /** Reads the request, or throws the vendor's refusal of it. `receivedAt`: milliseconds since the epoch. */
  readonly read: (call: Request, receivedAt: number) => Promise<Reading> | Reading;
  /** Says in the vendor's words what became of the items; all that they did is committed. */
  readonly present: (outcomes: readonly Outcome[], call: Request) => unknown;
}

/**
 * Declares an operation that hands its request to the ingest: read, submit, present. It throws `overloaded` when nothing of the
 * request could be stored now.
 */
export function ingestOperation<
  Services extends IngestServices,
  Access extends IngestAccess,
  Path extends TSchema,
  Query extends TSchema,
  Body extends TSchema,
>(
  definition: Omit<Definition<Services, Access, Path, Query, Body>, 'handle'> &
    Ingestion<Call<Services, Access, Static<Path>, Static<Query>, Static<Body>>>,
): Operation<Services> {
  const { dialect, read, present, ...form } = definition;
  return operation({
    ...form,
    handle: async (call: Call<Services, Access, Static<Path>, Static<Query>, Static<Body>>) => {
      const receivedAt = call.services.clock();
      return present(await submitReading(dialect, await read(call, receivedAt), call, receivedAt), call);
    },
  });
}

/**
 * Submits what an operation has read, for those that need more for their answer than the outcomes. `receivedAt`: milliseconds since
 * the epoch. @throws RequestError `overloaded` when nothing of the request could be stored now
 */
export async function submitReading(
  dialect: DialectName,
  reading: Reading,
  { services, access, request }: Called,
  receivedAt: number = services.clock(),
): Promise<readonly Outcome[]> {
  const submission = submissionOf(dialect, reading, request.rawBody, receivedAt);
  return committedOutcomes(await services.ingest.submit(access.workspace.id, submission));
}

/** The submission of what was read. `text`: the JSON that it was read from. */
export function submissionOf(
  dialect: DialectName,
  reading: Reading,
  text: string,
  receivedAt: number,
): Submission {
  return {
    dialect,
    receivedAt,
    carriesEvents: reading.carriesEvents,
    bytes: text.length,
    size: reading.size,
    prepare: (workspace) => reading.prepare(workspace, receivedAt),
    raw: reading.raw ?? (() => text),
    request: reading.request ?? {},
    ...(reading.dedupe ? { dedupe: reading.dedupe } : {}),
  };
}
