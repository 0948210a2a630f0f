import type { Workspace } from '../../../../core/workspace/workspace.ts';
import type { BulkJob } from '../../bulk/bulk-job.ts';
import { formatVendorDate } from '../../documents/dates.ts';

/** The vendor's BulkJob (docs/spec/contacthub.md A, 14 to 17). `bulkJobName` is the file's name without its ending (inferred). */
export function presentBulkJob(job: BulkJob, workspace: Workspace) {
  return {
    id: job.id,
    filename: job.fileName,
    operation: job.operation,
    workspaceId: workspace.publicId,
    nodeId: workspace.nodes.get(job.nodeId)?.publicId ?? null,
    entity: job.entity,
    eventType: job.eventType,
    bulkJobName: job.fileName.replace(/\.csv$/i, ''),
    status: job.status,
    errorMessage: job.error,
    createdAt: formatVendorDate(job.createdAt),
    updatedAt: formatVendorDate(job.updatedAt),
    processedEntities: job.processed,
    failedEntities: job.failed,
    totalEntities: job.total,
  };
}
