import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { StartupError } from '../../startup-error.ts';
import { BACKUP_USER } from './access.ts';
import { socketFile } from './socket-folder.ts';

/*
 * The server's own online backup, by BASE_BACKUP of its replication protocol ("Streaming Replication Protocol" and "Message Formats" of
 * PostgreSQL's manual): the server reads its files, whole pages of them, leaves out what is no part of a backup, adds backup_label and the
 * log that is needed. The driver has no such words: it takes the messages of a copy for a stream of bytes, where each begins with
 * its kind, and drops the error that the server answers behind a copy, as for a page whose checksum is wrong. Its commands have to be written in capitals.
 */

/** The files of a running cluster as of one moment. */
export interface BaseBackup {
  /** Of the server, as its files say it. */
  readonly majorVersion: string;
  /** What the files come to, by the server's reckoning; the log that goes with them comes on top. */
  readonly estimatedBytes: number;
  /** A tar (ustar) of the cluster's folder. It ends when the server has said that all went well; else it throws. */
  readonly archive: AsyncIterable<Buffer>;
  /** Gives it up, or ends it; the server forgets it. */
  close(): void;
}

interface Message {
  readonly kind: string;
  readonly body: Buffer;
}

type Messages = AsyncGenerator<Message, void>;

const PROTOCOL_VERSION = 3 << 16;
const INVALID_AUTHORIZATION = '28000';

/**
 * Asks a server for a backup, beside whatever it does.
 * @throws StartupError when it gives none
 */
export async function startBaseBackup(server: {
  readonly host: string;
  readonly port: number;
}): Promise<BaseBackup> {
  const socket = connect(join(server.host, socketFile(server.port)));
  const messages = readMessages(socket);
  try {
    await once(socket, 'connect');
    socket.write(startupMessage({ user: BACKUP_USER, replication: 'true' }));
    const majorVersion = await readVersion(messages);
    // Without it the server could throw away log that the backup needs before it comes to it.
    send(socket, `CREATE_REPLICATION_SLOT "throughline_${process.pid}" TEMPORARY PHYSICAL RESERVE_WAL`);
    await untilReady(messages);
    send(socket, "BASE_BACKUP (LABEL 'throughline', PROGRESS, CHECKPOINT 'fast', WAL, MANIFEST 'no')");
    const estimatedBytes = await untilCopy(messages);
    return { majorVersion, estimatedBytes, archive: readArchive(messages), close: () => socket.destroy() };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function startupMessage(parameters: Readonly<Record<string, string>>): Buffer {
  const texts = Object.entries(parameters).flat();
  const body = Buffer.from(`${texts.map((text) => `${text}\0`).join('')}\0`);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(head.length + body.length);
  head.writeUInt32BE(PROTOCOL_VERSION, 4);
  return Buffer.concat([head, body]);
}

function send(socket: Socket, command: string): void {
  const body = Buffer.from(`${command}\0`);
  const head = Buffer.alloc(5);
  head.write('Q');
  head.writeUInt32BE(4 + body.length, 1);
  socket.write(Buffer.concat([head, body]));
}

/** Reads no further than is asked for, so that a slow disk makes the server wait and fills no memory. */
async function* readMessages(socket: Socket): Messages {
  let unread: Buffer = Buffer.alloc(0);
  for await (const chunk of socket) {
    unread = unread.length === 0 ? chunk : Buffer.concat([unread, chunk]);
    for (let end = endOf(unread); end <= unread.length; end = endOf(unread)) {
      yield { kind: String.fromCharCode(unread[0] ?? 0), body: unread.subarray(5, end) };
      unread = unread.subarray(end);
    }
  }
}

/** Of the first message; its length counts itself, and not the kind before it. */
function endOf(bytes: Buffer): number {
  return bytes.length < 5 ? Number.POSITIVE_INFINITY : 1 + bytes.readUInt32BE(1);
}

async function next(messages: Messages): Promise<Message> {
  const { value } = await messages.next();
  if (!value) throw new StartupError('the database server ended the backup without a word');
  if (value.kind === 'E') throw refusal(value.body);
  if (value.kind === 'R' && value.body.readUInt32BE(0) !== 0)
    throw new StartupError('the database server asks for a password, which an embedded one does not');
  return value;
}

/** A server names itself before it is ready: name and value, each with a zero byte behind it. */
async function readVersion(messages: Messages): Promise<string> {
  let version = '';
  for (let message = await next(messages); message.kind !== 'Z'; message = await next(messages)) {
    const [name, value = ''] = message.body.toString('utf8').split('\0');
    if (message.kind === 'S' && name === 'server_version') version = value;
  }
  return String(Number.parseInt(version, 10));
}

async function untilReady(messages: Messages): Promise<void> {
  while ((await next(messages)).kind !== 'Z');
}

/** Two results come first: where the log is, and the tablespaces with their sizes in KiB (spcoid, spclocation, size). */
async function untilCopy(messages: Messages): Promise<number> {
  const spaces: (string | null)[][] = [];
  for (let message = await next(messages); message.kind !== 'H'; message = await next(messages)) {
    if (message.kind !== 'D') continue;
    const row = readRow(message.body);
    if (row.length === 3) spaces.push(row);
  }
  if (spaces.length !== 1)
    throw new StartupError(
      'the cluster has tablespaces of its own, and such a one has no backup of this kind',
    );
  return 1024 * Number(spaces[0]?.[2] ?? 0);
}

function readRow(body: Buffer): (string | null)[] {
  let position = 2;
  return Array.from({ length: body.readUInt16BE(0) }, () => {
    const length = body.readInt32BE(position);
    position += 4;
    if (length < 0) return null;
    position += length;
    return body.toString('utf8', position - length, position);
  });
}

/** Each message of the copy begins with its kind: n, a new archive; d, bytes of it; p, how far it is. */
async function* readArchive(messages: Messages): AsyncGenerator<Buffer> {
  for (let message = await next(messages); message.kind !== 'Z'; message = await next(messages))
    if (message.kind === 'd' && message.body[0] === 'd'.charCodeAt(0)) yield message.body.subarray(1);
}

function refusal(body: Buffer): StartupError {
  const fields = new Map(
    body
      .toString('utf8')
      .split('\0')
      .map((field) => [field.charAt(0), field.slice(1)]),
  );
  // A server of before there were backups has no rule for them; its next start writes one.
  if (fields.get('C') === INVALID_AUTHORIZATION)
    return new StartupError(
      'the running server knows no backups yet: start it again with this version, then try again',
    );
  return new StartupError(`the database server gives no backup: ${fields.get('M')}`);
}
