import { channel } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { Readable, type Writable } from 'node:stream';
import postgres from 'postgres';
import { type ConnectionTarget, checkParameters, driverOptions, type Sql } from './driver.ts';
import type { Parameter, QuestionOptions } from './queryable.ts';
import { connectionLost, connectSocket, type SocketOptions } from './socket.ts';

/** Rows, how many the statement touched, and its command tag's first words (`INSERT`, `COMMIT`). */
export type StatementResult<Row extends object = object> = Row[] & { count: number; command: string };

/** One connection, for one transaction or one statement at a time. */
export interface Session {
  /** The server's process of it, by which what it does can be cancelled. */
  readonly backendId: number;
  /** Sends a statement at once, behind those before it; the answer comes when it comes. */
  send<Row extends object>(
    text: string,
    parameters: readonly Parameter[],
    options?: Pick<QuestionOptions, 'once'>,
  ): Promise<StatementResult<Row>>;
  /** What `copy … to stdout` sends: as much as is read of it. It ends with an error when the server or the connection does. */
  copyOut(text: string): Promise<Readable>;
  /** Where `copy … from stdin` reads: it has finished when the server has taken all, and fails with the server's error. */
  copyIn(text: string): Promise<Writable>;
  isLost(): boolean;
  /** Gives the connection up at once: what was not answered fails as on a lost one. For a server that has fallen silent. */
  abandon(): void;
  end(): Promise<void>;
}

/** The text of every statement, for who looks at all that are sent (test/helpers/cluster-forms.ts). */
const statements = channel('throughline.statement');

export interface SessionSettings {
  /** The server ends a statement that takes longer, whether somebody still waits for it or not. */
  readonly statementMilliseconds: number;
  /** True: the session serves single statements too, which may write; else only explicit transactions may. */
  readonly writesAlone?: boolean;
}

/**
 * Opens a connection that is never replaced. The driver would quietly reconnect and run a transaction's later statements alone
 * in a new session, and answer COMMIT there; so the second socket is refused. For the same reason statements are read-only unless
 * an explicit transaction says otherwise: the driver runs a statement again, behind the commit, whose prepared plan went stale.
 */
export async function openSession(target: ConnectionTarget, settings: SessionSettings): Promise<Session> {
  let sockets = 0;
  let lost = false;
  let socket: Socket | undefined;
  const unanswered = new Set<(error: Error) => void>();
  const streams = new Set<Readable | Writable>();
  const keep = <Stream extends Readable | Writable>(stream: Stream): Stream => {
    streams.add(stream);
    stream.once('close', () => streams.delete(stream));
    return stream;
  };
  const common = driverOptions();
  const options = {
    ...common,
    ...target.options,
    connection: {
      ...common.connection,
      default_transaction_read_only: settings.writesAlone !== true,
      statement_timeout: settings.statementMilliseconds,
      // A client that vanished without a word must not keep a workspace locked.
      idle_in_transaction_session_timeout: 60_000,
    },
    socket: async (parsed: SocketOptions) => {
      if (++sockets > 1) throw connectionLost();
      socket = await connectSocket(parsed);
      return gatherWrites(socket);
    },
    onclose: () => lose(),
  };
  const lose = () => {
    lost = true;
    for (const reject of unanswered) reject(connectionLost());
    unanswered.clear();
    for (const stream of streams) stream.destroy(connectionLost());
  };
  const sql = target.url === undefined ? postgres(options) : postgres(target.url, options);
  return {
    backendId: await readBackendId(sql),
    send<Row extends object>(
      text: string,
      parameters: readonly Parameter[],
      { once = false }: Pick<QuestionOptions, 'once'> = {},
    ): Promise<StatementResult<Row>> {
      if (lost) return Promise.reject(connectionLost());
      checkParameters(parameters);
      if (statements.hasSubscribers) statements.publish(text);
      // The driver (3.4.9) forgets statements that were sent between a socket's error and its end: they were never answered.
      return new Promise((resolve, reject) => {
        unanswered.add(reject);
        sql
          .unsafe<(Row & Iterable<Row>)[]>(text, [...parameters], { prepare: !once })
          .execute()
          .then(resolve, reject)
          .finally(() => unanswered.delete(reject));
      });
    },
    async copyOut(text) {
      if (lost) throw connectionLost();
      const stream = keep(await readCopy(sql, text));
      // The driver (3.4.9) stops reading when a stream is full, and goes on when that asks for more, which one does not that has its end.
      return stream.once('close', () => socket?.resume());
    },
    async copyIn(text) {
      if (lost) throw connectionLost();
      const question = sql.unsafe(text);
      const stream = await question.writable();
      // The driver (3.4.9) tells a question that was answered by a stream of the server's error, and so nobody.
      Object.assign(question, { reject: (error: Error) => stream.destroy(error) });
      return keep(stream);
    },
    isLost: () => lost,
    abandon() {
      lose();
      socket?.destroy();
    },
    end: () => sql.end({ timeout: 0 }),
  };
}

/**
 * What a copy sends, heard from its first moment: the driver (3.4.9) ends it with the server's error at times before a promise could have
 * told of it, and an error that nobody hears ends the process. Whoever reads it later is told.
 */
function readCopy(sql: Sql, text: string): Promise<Readable> {
  const question = sql.unsafe(text);
  return new Promise((resolve, reject) => {
    Object.assign(question, {
      // The driver answers twice: with the stream, and when the statement is over.
      resolve: (answer: unknown) => answer instanceof Readable && resolve(answer.on('error', () => {})),
      reject,
    });
    void question.readable();
    question.execute();
  });
}

async function readBackendId(sql: Sql): Promise<number> {
  try {
    const [row] = await sql<[{ pid: number }]>`select pg_backend_pid() as pid`;
    return row.pid;
  } catch (error) {
    await sql.end({ timeout: 0 });
    throw error;
  }
}

const flushBytes = 32 * 1024;

/**
 * Sends what is written within one turn of the event loop in one system call. The driver writes each statement by itself, and a
 * batch is a dozen: that was a fifth of the engine's time (docs/decisions/0004-ingest-speed.md).
 */
function gatherWrites(socket: Socket): Socket {
  const write = socket.write.bind(socket) as (...parameters: unknown[]) => boolean;
  const gather = (...parameters: unknown[]): boolean => {
    if (socket.writableCorked === 0) {
      socket.cork();
      setImmediate(() => socket.uncork());
    }
    const hasRoom = write(...parameters);
    // Much data goes at once: the server works on it while the rest is being put together.
    if (socket.writableLength > flushBytes) socket.uncork();
    return hasRoom;
  };
  return Object.assign(socket, { write: gather });
}
