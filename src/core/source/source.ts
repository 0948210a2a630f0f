import { RequestError } from '../../errors.ts';
import type { DialectName } from '../dialect-name.ts';

/** What a source is called within its dialect. */
export type SourceName = Pick<Source, 'kind' | 'externalId'>;

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

/** What is said of what comes in by an archived source, in the vendor's word for it. */
export function refuseArchived({ kind }: SourceName): RequestError {
  return new RequestError('source-archived', `The ${kind} is archived: nothing comes in by it.`);
}
