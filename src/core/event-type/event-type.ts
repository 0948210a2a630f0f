import type { DialectName } from '../dialect-name.ts';

/** A kind of event of one dialect. `definition` is null where the vendor has an open vocabulary. */
export interface EventType {
  readonly id: number;
  readonly publicId: string;
  readonly dialect: DialectName;
  readonly name: string;
  /** Counts up with each change of the definition; an event keeps the version that it was checked by. */
  readonly version: number;
  readonly definition: Record<string, unknown> | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly archivedAt: Date | null;
}
