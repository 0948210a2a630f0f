import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import type { Workspace } from '../../core/workspace/workspace.ts';
import { readLastSeq } from '../../core/workspace/workspace-store.ts';
import { RequestError } from '../../errors.ts';
import { type Operation, operation } from '../../http/operation.ts';
import { type PersonEvent, readPersonEventsAfter } from '../../query/events/read-events.ts';
import { authenticate } from '../admission.ts';
import { presentEvent } from '../events/present.ts';
import { inWorkspace } from '../guards.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeServices } from '../services.ts';
import type { Listener, Listeners } from './listeners.ts';
import { LiveHeaders, LiveQuery, LiveReply } from './schemas.ts';

/** All that is held of a listener's events: the next page is read when the last has gone out. */
const page = { limit: 100, maximumBytes: 256 * 1024 };
const heartbeatMilliseconds = 15_000;

/**
 * The live stream. Each listener follows the workspace by seq, as GET …/events does, and is only woken by commits: what it gets is
 * what is stored, in order, and a slow one is behind and nothing else.
 */
export function liveOperations(listeners: Listeners): readonly Operation<NativeServices>[] {
  return [
    operation({
      method: 'GET',
      path: '/workspaces/:workspace/events/live',
      summary: 'Events as they are stored, as server-sent events',
      description:
        'Each message is an event as GET …/events shows it, with its seq as id; a client that reconnects with Last-Event-ID misses none.',
      guard: inWorkspace,
      checks: { path: WorkspaceParameters, query: LiveQuery, headers: LiveHeaders },
      replies: { 200: LiveReply, ...errors(404) },
      handle: ({ services, access, query, request, reply }) => {
        const { workspace } = access;
        const listener = listeners.add(workspace.id);
        if (!listener)
          throw new RequestError(
            'overloaded',
            `${listeners.maximumOfWorkspace} listen to this workspace already, or ${listeners.maximum} in all: end one, or try again.`,
            { retryAfterSeconds: 10 },
          );
        const lastId = request.headers['last-event-id'];
        const from = lastId === undefined ? query.afterSeq : Number(lastId);
        const stream = Readable.from(listen({ services, request, workspace, listener, query }, from), {
          highWaterMark: 1,
        });
        reply.raw.once('close', () => listeners.remove(listener));
        // Not kept alive after the stream's end: a server that stops would wait for it.
        return reply
          .headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no', connection: 'close' })
          .type('text/event-stream')
          .send(stream);
      },
    }),
  ];
}

interface Listening {
  readonly services: NativeServices;
  readonly request: FastifyRequest;
  readonly workspace: Workspace;
  readonly listener: Listener;
  readonly query: Static<typeof LiveQuery>;
}

async function* listen(
  { services, request, workspace, listener, query }: Listening,
  from: number | undefined,
): AsyncGenerator<string> {
  let seq = from ?? (await readLastSeq(services.database, workspace.id));
  let lastChecked = performance.now();
  yield ': listening\n\n';
  while (!listener.isOver) {
    const { events, isFull } = await readPersonEventsAfter(services.database, workspace.id, seq, page);
    const current = events.length > 0 ? await services.workspaces.get(workspace.id) : workspace;
    let text = '';
    for (const event of events) {
      seq = event.seq;
      if (!isWanted(event, query)) continue;
      text += `id: ${event.seq}\ndata: ${JSON.stringify(presentEvent(current, event))}\n\n`;
    }
    // Also of a stream that is never quiet.
    if (performance.now() - lastChecked >= heartbeatMilliseconds) {
      if (!(await isStillAdmitted(services, request))) return;
      lastChecked = performance.now();
      if (text === '') text = ': still here\n\n';
    }
    if (text !== '') yield text;
    if (!isFull) await listener.rest();
  }
}

function isWanted({ dialect, type, personId }: PersonEvent, wanted: Static<typeof LiveQuery>): boolean {
  if (wanted.dialect !== undefined && wanted.dialect !== dialect) return false;
  if (wanted.type !== undefined && wanted.type !== type) return false;
  return wanted.person === undefined || wanted.person === personId;
}

/** False once the key was revoked or has expired. */
async function isStillAdmitted(services: NativeServices, request: FastifyRequest): Promise<boolean> {
  try {
    await authenticate(services, request);
    return true;
  } catch (error) {
    if (error instanceof RequestError) return false;
    throw error;
  }
}
