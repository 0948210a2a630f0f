import type { FastifyRequest } from 'fastify';
import type { Static, TSchema } from 'typebox';
import type { Clock } from '../core/clock.ts';
import type { DialectName } from '../core/dialect-name.ts';
import type { Workspace, WorkspaceId } from '../core/workspace/workspace.ts';
import type { RequestError } from '../errors.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { Prepared } from '../ingest/item.ts';
import type { Outcome } from '../ingest/outcome.ts';
import { committedOutcomes } from '../ingest/request.ts';
import type { Submission } from '../ingest/submission.ts';
import { parseBody } from './body.ts';
import { type Call, type Definition, type Operation, operation, type ShortForm } from './operation.ts';
import type { RequestHead } from './short-way.ts';

/** What a request asks to be stored, as its dialect has read it. */
export interface Reading extends Pick<Submission, 'source' | 'dedupe' | 'carriesEvents'> {
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
  /** What is said of what comes in by an archived source, where the vendor's form is not the usual. */
  readonly refuse?: () => RequestError;
}

/** A request on its operation's short way. */
export interface ShortCall<Services, Access> {
  readonly services: Services;
  readonly access: Access;
  readonly body: unknown;
  readonly request: Pick<FastifyRequest, 'headers' | 'rawBody'>;
}

/** What stands in the place of a short way. */
interface ShortIngestion<Services, Access> {
  /** Undefined: the whole way says why not, or what else the answer's headers say. */
  readonly admit: (services: Services, head: RequestHead) => Promise<Access | undefined>;
  /** As the whole way reads a request without a query. */
  readonly read: (call: ShortCall<Services, Access>) => Reading;
  /** As the whole way presents it, and as its schema of the reply lets it through. */
  readonly present: (outcomes: readonly Outcome[]) => object;
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
  definition: Omit<Definition<Services, Access, Path, Query, Body>, 'handle' | 'short'> &
    Ingestion<Call<Services, Access, Static<Path>, Static<Query>, Static<Body>>> & {
      readonly short?: ShortIngestion<Services, Access>;
    },
): Operation<Services> {
  const { dialect, read, present, refuse, short, ...form } = definition;
  return operation({
    ...form,
    ...(short && { short: shortWayOf(dialect, short) }),
    handle: async (call: Call<Services, Access, Static<Path>, Static<Query>, Static<Body>>) => {
      const receivedAt = call.services.clock();
      const reading = await read(call, receivedAt);
      return present(await submitReading(dialect, reading, call, receivedAt, refuse), call);
    },
  });
}

function shortWayOf<Services extends IngestServices, Access extends IngestAccess>(
  dialect: DialectName,
  { admit, read, present }: ShortIngestion<Services, Access>,
): ShortForm<Services>['admit'] {
  return async (services, head) => {
    const access = await admit(services, head);
    return (
      access &&
      (async (rawBody) => {
        const receivedAt = services.clock();
        const request = { headers: head.headers, rawBody };
        const call = { services, access, body: parseBody(rawBody), request };
        return JSON.stringify(present(await submitReading(dialect, read(call), call, receivedAt)));
      })
    );
  };
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
  refuse?: () => RequestError,
): Promise<readonly Outcome[]> {
  const submission = submissionOf(dialect, reading, request.rawBody, receivedAt);
  return committedOutcomes(await services.ingest.submit(access.workspace.id, submission), refuse);
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
    source: reading.source,
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
