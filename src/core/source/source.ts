import type { DialectName } from '../dialect-name.ts';

/** Where events of a dialect come in by: Octeth's list, a WhatsApp number, a Webmarketer integration. */
export interface Source {
  readonly id: number;
  readonly publicId: string;
  readonly dialect: DialectName;
  readonly kind: string;
  /** The vendor's own id of it, as text: such ids can be larger than 2^53. */
  readonly externalId: string;
  readonly name: string;
  readonly nodeId: number;
  readonly settings: Record<string, unknown>;
  readonly createdAt: Date;
  readonly archivedAt: Date | null;
}
