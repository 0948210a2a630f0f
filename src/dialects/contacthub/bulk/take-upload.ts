import type { Readable } from 'node:stream';
import type { ConsentAuthor } from '../../../core/consent/consent.ts';
import { sparingMemory } from '../../../core/heap-room.ts';
import { newId } from '../../../core/id.ts';
import { requestJob } from '../../../core/job/job-store.ts';
import type { Node } from '../../../core/node/node.ts';
import { changeWorkspace } from '../../../core/workspace/change-workspace.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { RequestError } from '../../../errors.ts';
import type { Services } from '../../dialect.ts';
import { payloadLimit } from '../documents/payload-limit.ts';
import { type BulkOrder, bulkKind, maximumLoaded } from './bulk-job.ts';
import {
  countLoaded,
  deleteBulkJob,
  endUpload,
  failUpload,
  insertUpload,
  type UploadEnd,
} from './bulk-job-store.ts';
import { deleteFile } from './file-store.ts';
import { readRecords } from './read-records.ts';
import { type ReceivedFile, receiveFile } from './receive-file.ts';
import { findColumnProblem } from './row-schema.ts';

type UploadServices = Pick<Services, 'jobDatabase' | 'config' | 'clock'>;

/** A file on its way in: from its first byte on it has an id, and counts among those of its node that wait. */
export class Upload {
  readonly id: string;
  readonly #services: UploadServices;
  readonly #workspace: Workspace;
  readonly #node: Node;
  #received: ReceivedFile | undefined;

  constructor(services: UploadServices, workspace: Workspace, node: Node) {
    this.id = newId(services.clock());
    this.#services = services;
    this.#workspace = workspace;
    this.#node = node;
  }

  /** Stores the file. @throws RequestError `conflict` when too many wait, `body-too-large` */
  async receive(fileName: string, author: ConsentAuthor, stream: Readable): Promise<void> {
    const { jobDatabase: database } = this.#services;
    const [workspaceId, nodeId, now] = [this.#workspace.id, this.#node.id, this.#now()];
    await changeWorkspace({ database }, workspaceId, now, async ({ tx }) => {
      if ((await countLoaded(tx, workspaceId, nodeId)) >= maximumLoaded)
        throw new RequestError(
          'conflict',
          `${maximumLoaded} bulk jobs of the node are LOADED already; send the file when one of them is under way.`,
        );
      await insertUpload(tx, workspaceId, { id: this.id, nodeId, fileName, author }, now);
    });
    const receive = () => receiveFile(this.#services, workspaceId, this.id, stream);
    this.#received = await sparingMemory(receive);
  }

  /** Asks for the job that reads the file, or says of the file why there is none. */
  async finish(order: BulkOrder, requestedBy: string): Promise<void> {
    const { jobDatabase: database } = this.#services;
    const [workspaceId, now] = [this.#workspace.id, this.#now()];
    const { columns, position, total, problem } = await this.#readHeader(order);
    await changeWorkspace({ database }, workspaceId, now, async ({ tx }) => {
      const end: UploadEnd['end'] =
        problem === undefined
          ? {
              jobId: await requestJob(
                tx,
                workspaceId,
                { kind: bulkKind, subject: this.id, requestedBy },
                now,
              ),
            }
          : { error: problem };
      await endUpload(tx, workspaceId, this.id, { order, columns, position, total, end }, now);
    });
    if (problem !== undefined) await deleteFile(database, workspaceId, this.id);
  }

  /** Forgets what was sent: the request is refused. */
  async forget(): Promise<void> {
    const { jobDatabase: database } = this.#services;
    await deleteBulkJob(database, this.#workspace.id, this.id);
    await deleteFile(database, this.#workspace.id, this.id);
  }

  /** Ends an upload that was cut short. */
  async fail(error: string): Promise<void> {
    const { jobDatabase: database } = this.#services;
    await failUpload(database, this.#workspace.id, this.id, error, this.#now());
    await deleteFile(database, this.#workspace.id, this.id);
  }

  async #readHeader(order: BulkOrder) {
    const none = { columns: [], position: 0, total: 0 };
    const received = this.#received;
    if (!received || received.bytes === 0) return { ...none, problem: 'The file is empty.' };
    const { beginning, bytes, records, problem } = received;
    if (problem !== undefined) return { ...none, problem };
    const [header] = await readRecords(beginning, {
      isStart: true,
      isEnd: beginning.length === bytes,
      maximumRecord: payloadLimit,
    });
    if (!header) return { ...none, problem: 'The file has no header.' };
    if ('broken' in header) return { ...none, problem: `The header can not be read: ${header.broken}.` };
    const columns = header.cells.map((name) => name.trim());
    const wrong = findColumnProblem(columns, order, this.#workspace, this.#node);
    if (wrong !== undefined) return { ...none, problem: wrong };
    return { columns, position: header.end, total: Math.max(0, records - 1), problem: undefined };
  }

  #now(): Date {
    return new Date(this.#services.clock());
  }
}
