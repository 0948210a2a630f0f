import { isUuid } from '../../../core/id.ts';

/**
 * Why a row is refused that names what is not there. Of a cell only an id is repeated: results are kept for weeks, and whom they tell
 * of may be forgotten meanwhile.
 */
export function describeNotFound(what: 'customer' | 'event', cell: string): string {
  return isUuid(cell) ? `${what} not found ${cell}` : `${what} not found: the row has no id of one`;
}
