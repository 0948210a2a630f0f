import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import type { Workspace } from '../core/workspace/workspace.ts';
import { readLastSeq } from '../core/workspace/workspace-store.ts';
import { RequestError } from '../errors.ts';
import { readPersonEventsAfter } from '../query/events/read-events.ts';
import { authenticate, enterWorkspace, workspaceOf } from './admission.ts';
import { presentEvent } from './present.ts';
import { errors, WorkspaceParameters } from './schemas/common.ts';
import { LiveHeaders, LiveQuery } from './schemas/data.ts';
import type { NativeServices } from './services.ts';

const maximumListeners = 200;
const maximumListenersOfWorkspace = 50;
/** All that is held of a listener's events: the next page is read when the last has gone out. */
const page = { limit: 100, maximumBytes: 256 * 1024 };
/** Commits of other processes are seen by looking. */
const lookMilliseconds = 1000;
/** However many commits a second there are, a listener asks the database at most ten times. */
const restMilliseconds = 100;
const heartbeatMilliseconds = 15_000;

/**
 * The live stream. Each listener follows the workspace by seq, as GET …/events does, and is only woken by commits: what it gets is
 * what is stored, in order, and a slow one is behind and nothing else.
 */
export function registerLive(scope: FastifyInstance, services: NativeServices): void {
  const listeners = new Listeners(services);
  scope.addHook('preClose', async () => listeners.close());
  scope.get('/workspaces/:workspace/events/live', {
    schema: {
      tags: ['Native: events'],
      summary: 'Events as they are stored, as server-sent events',
      description:
        'Each message is an event as GET …/events shows it, with its seq as id; a client that reconnects with Last-Event-ID misses none.',
      params: WorkspaceParameters,
      querystring: LiveQuery,
      headers: LiveHeaders,
      response: {
        200: {
          description: 'A stream that ends when the client, the key or the server does.',
          content: { 'text/event-stream': { schema: { type: 'string' } } },
        },
        ...errors(404),
      },
    },
    onRequest: (request) => enterWorkspace(services, request),
    handler: async (request, reply) => {
      const workspace = workspaceOf(request);
      const listener = listeners.add(workspace.id);
      if (!listener)
        throw new RequestError(
          'overloaded',
          `${maximumListenersOfWorkspace} listen to this workspace already, or ${maximumListeners} in all: end one, or try again.`,
          { retryAfterSeconds: 10 },
        );
      const lastId = request.headers['last-event-id'];
      const from =
        lastId === undefined ? (request.query as Static<typeof LiveQuery>).afterSeq : Number(lastId);
      const stream = Readable.from(listen(services, request, workspace, listener, from), {
        highWaterMark: 1,
      });
      reply.raw.once('close', () => listeners.remove(listener));
      // Not kept alive after the stream's end: a server that stops would wait for it.
      return reply
        .headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no', connection: 'close' })
        .type('text/event-stream')
        .send(stream);
    },
  });
}

async function* listen(
  services: NativeServices,
  request: FastifyRequest,
  workspace: Workspace,
  listener: Listener,
  from: number | undefined,
): AsyncGenerator<string> {
  let seq = from ?? (await readLastSeq(services.database, workspace.id));
  let lastSent = performance.now();
  yield ': listening\n\n';
  while (!listener.isOver) {
    const { events, isFull } = await readPersonEventsAfter(services.database, workspace.id, seq, page);
    const current = events.length > 0 ? await services.workspaces.get(workspace.id) : workspace;
    let text = '';
    for (const event of events) {
      text += `id: ${event.seq}\ndata: ${JSON.stringify(presentEvent(current, event))}\n\n`;
      seq = event.seq;
    }
    if (text === '' && performance.now() - lastSent >= heartbeatMilliseconds) {
      if (!(await isStillAdmitted(services, request))) return;
      text = ': still here\n\n';
    }
    if (text !== '') {
      yield text;
      lastSent = performance.now();
    }
    if (!isFull) await listener.rest();
  }
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

/** One open stream: `rest` ends when something was committed, or it is time to look. */
class Listener {
  readonly workspaceId: number;
  isOver = false;
  #isWoken = false;
  #wake: (() => void) | undefined;

  constructor(workspaceId: number) {
    this.workspaceId = workspaceId;
  }

  wake(): void {
    this.#isWoken = true;
    this.#wake?.();
  }

  end(): void {
    this.isOver = true;
    this.#wake?.();
  }

  async rest(): Promise<void> {
    await this.#sleep(restMilliseconds, () => this.isOver);
    await this.#sleep(lookMilliseconds - restMilliseconds, () => this.isOver || this.#isWoken);
    this.#isWoken = false;
  }

  #sleep(milliseconds: number, isDone: () => boolean): Promise<void> {
    if (isDone()) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(finish, milliseconds);
      this.#wake = () => {
        if (isDone()) finish();
      };
    });
  }
}

class Listeners {
  readonly #listeners = new Set<Listener>();
  readonly #stop: () => void;
  #isClosed = false;

  constructor(services: NativeServices) {
    this.#stop = services.ingest.onCommit((workspaceId) => {
      for (const listener of this.#listeners) if (listener.workspaceId === workspaceId) listener.wake();
    });
  }

  /** Undefined when there are too many, or the server is about to stop. */
  add(workspaceId: number): Listener | undefined {
    if (this.#isClosed || this.#listeners.size >= maximumListeners) return undefined;
    let ofWorkspace = 0;
    for (const listener of this.#listeners) if (listener.workspaceId === workspaceId) ofWorkspace++;
    if (ofWorkspace >= maximumListenersOfWorkspace) return undefined;
    const listener = new Listener(workspaceId);
    this.#listeners.add(listener);
    return listener;
  }

  remove(listener: Listener): void {
    listener.end();
    this.#listeners.delete(listener);
  }

  close(): void {
    this.#isClosed = true;
    this.#stop();
    for (const listener of this.#listeners) listener.end();
  }
}
