import { Readable } from 'node:stream';
import type { Static } from 'typebox';
import { largestBulkLimit } from '../../../../config.ts';
import type { Access } from '../../../../core/credential/authenticator.ts';
import { isUuid } from '../../../../core/id.ts';
import type { Node } from '../../../../core/node/node.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import { writeCsv } from '../../../../http/csv.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import { CutShortError, readUploadForm } from '../../../../http/upload-form.ts';
import type { Services } from '../../../dialect.ts';
import { at, authorOf, requireNode } from '../../access.ts';
import type { BulkJob } from '../../bulk/bulk-job.ts';
import { countBulkJobs, listBulkJobs, readBulkJob } from '../../bulk/bulk-job-store.ts';
import { readResultsAfter } from '../../bulk/file-store.ts';
import { Upload } from '../../bulk/take-upload.ts';
import { notFound } from '../../errors.ts';
import { presentPage } from '../paging.ts';
import { invalidForm, parseBulkSort, parseFileName, parseOrder } from './parse.ts';
import { presentBulkJob } from './present.ts';
import { BulkJobForm, BulkJobParameters, BulkJobQuery, NodeParameters } from './schemas.ts';

/** Files of customers and events, whose rows are written in the background (bulk/). */
export const bulkJobOperations: readonly Operation<Services>[] = [
  operation({
    ...at('listBulkJobs'),
    summary: 'Get bulk jobs per node',
    checks: { path: NodeParameters, query: BulkJobQuery },
    handle: ({ services, access: { workspace }, path, query }) =>
      listJobs(services, workspace, requireNode(workspace, path.nodeId), query),
  }),
  operation({
    ...at('readBulkJob'),
    summary: 'Get a single bulk job',
    checks: { path: BulkJobParameters },
    handle: async ({ services, access: { workspace }, path }) =>
      presentBulkJob(await requireBulkJob(services, workspace, path), workspace),
  }),
  operation({
    ...at('readBulkJobResults'),
    summary: 'Get bulk job results',
    checks: { path: BulkJobParameters },
    handle: async ({ services, access: { workspace }, path, reply }) => {
      const { id, status } = await requireBulkJob(services, workspace, path);
      if (status !== 'PROCESSED' && status !== 'FAILED')
        throw new RequestError(
          'conflict',
          `The results of a bulk job are there when it is PROCESSED or FAILED; it is ${status}.`,
        );
      reply.type('text/csv; charset=utf-8').header('content-disposition', `attachment; filename="${id}.csv"`);
      return Readable.from(resultLines(services, workspace, id));
    },
  }),
];

/** The operation that takes the file, for a scope that leaves multipart bodies unread. */
export const bulkUploadOperations: readonly Operation<Services>[] = [
  operation({
    ...at('createBulkJob'),
    summary: 'Create a bulk job',
    checks: { path: NodeParameters },
    documents: { body: BulkJobForm, consumes: ['multipart/form-data'] },
    status: 201,
    // The file's own limit is a setting, and counted as it comes in.
    bodyLimit: largestBulkLimit,
    handle: async ({ services, access, path, body, request }) => {
      const node = requireNode(access.workspace, path.nodeId);
      if (!(body instanceof Readable))
        throw new RequestError('unsupported-media', 'Send the file as multipart/form-data.');
      const form = { body, contentType: request.headers['content-type'] ?? '' };
      const job = await takeUpload(services, access, node, form);
      void services.jobs.look();
      return presentBulkJob(job, access.workspace);
    },
  }),
];

async function takeUpload(
  services: Services,
  { workspace, credential }: Access,
  node: Node,
  { body, contentType }: { readonly body: Readable; readonly contentType: string },
): Promise<BulkJob> {
  const upload = new Upload(services, workspace, node);
  try {
    const { fields, taken } = await readUploadForm(body, contentType, 'file', async (file, name) => {
      await upload.receive(parseFileName(name), authorOf(credential), file);
      return true;
    });
    if (!taken) throw invalidForm('file', 'is required');
    await upload.finish(parseOrder(fields), credential.name);
  } catch (error) {
    if (error instanceof CutShortError) await upload.fail(error.message);
    else await upload.forget();
    throw error;
  }
  const job = await readBulkJob(services.database, workspace.id, node.id, upload.id);
  if (!job) throw notFound('bulk job', upload.id);
  return job;
}

async function listJobs(
  { database }: Services,
  workspace: Workspace,
  node: Node,
  query: Static<typeof BulkJobQuery>,
) {
  const { status = null, entity = null, page, size } = query;
  const order = { ...parseBulkSort(query.sort), offset: page * size, limit: size };
  const [jobs, total, unfilteredTotal] = await Promise.all([
    listBulkJobs(database, workspace.id, node.id, { status, entity }, order),
    countBulkJobs(database, workspace.id, node.id, { status, entity }),
    countBulkJobs(database, workspace.id, node.id, { status: null, entity: null }),
  ]);
  const shown = jobs.map((job) => presentBulkJob(job, workspace));
  return presentPage(shown, query, total, unfilteredTotal);
}

async function requireBulkJob(
  { database }: Services,
  workspace: Workspace,
  { nodeId, jobId }: Static<typeof BulkJobParameters>,
): Promise<BulkJob> {
  const node = requireNode(workspace, nodeId);
  const job = isUuid(jobId) ? await readBulkJob(database, workspace.id, node.id, jobId) : undefined;
  if (!job) throw notFound('bulk job', jobId);
  return job;
}

async function* resultLines(
  { database }: Services,
  workspace: Workspace,
  id: string,
): AsyncGenerator<string> {
  yield writeCsv([['row', 'outcome', 'id', 'reason']]);
  for (let row = 0; ; ) {
    const part = await readResultsAfter(database, workspace.id, id, row);
    if (!part) return;
    yield part.lines;
    row = part.firstRow;
  }
}
