import type { ConsentAuthor } from '../../../core/consent/consent.ts';
import type { EventTypeName } from '../documents/enums.ts';

export const bulkOperations = ['UPSERT', 'INSERT', 'DELETE'] as const;
export type BulkOperation = (typeof bulkOperations)[number];

export const bulkEntities = ['CUSTOMER', 'EVENT'] as const;
export type BulkEntity = (typeof bulkEntities)[number];

/** As the vendor's page lists them. STOPPED: the job that reads the file has given up; SCHEDULED: it waits for a process to go on. */
export const bulkStatuses = ['LOADED', 'SCHEDULED', 'PROCESSING', 'STOPPED', 'PROCESSED', 'FAILED'] as const;
export type BulkStatus = (typeof bulkStatuses)[number];

/** The kind of the engine's job that reads a file; its subject is the bulk job's id. */
export const bulkKind = 'contacthub-bulk';

/** What is to be done with the rows of a file. */
export interface BulkOrder {
  readonly operation: BulkOperation;
  readonly entity: BulkEntity;
  /** Of events alone. */
  readonly eventType: EventTypeName | null;
}

/** A bulk job as it is shown. */
export interface BulkJob {
  readonly id: string;
  readonly nodeId: number;
  readonly fileName: string;
  /** Null of what a file that failed was sent without. */
  readonly operation: BulkOperation | null;
  readonly entity: BulkEntity | null;
  readonly eventType: EventTypeName | null;
  readonly status: BulkStatus;
  readonly error: string | null;
  /** Rows of the file, those that were looked at, and those of them with which nothing could be done. */
  readonly total: number;
  readonly processed: number;
  readonly failed: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A file that is to be read, as the job that reads it needs to know it. */
export interface LoadedFile extends BulkOrder {
  readonly id: string;
  readonly nodeId: number;
  /** Names of its columns. */
  readonly columns: readonly string[];
  /** Its length. */
  readonly bytes: number;
  readonly total: number;
  readonly author: ConsentAuthor;
}

/** The most jobs of a node that are LOADED at one time (docs/spec/contacthub.md A, 15). */
export const maximumLoaded = 10;
