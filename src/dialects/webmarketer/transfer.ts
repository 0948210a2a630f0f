import { kindOf, type Transfer } from '../../transfer/kinds.ts';

/** What it alone keeps of a workspace (docs/export-format.md). */
export const transfer: Transfer = {
  kinds: [
    kindOf(
      'webmarketerField',
      'field',
      'entity, key',
      'entity key type label isPii discriminant metadata createdAt archivedAt',
    ),
    kindOf('webmarketerCustomColumn', 'custom_column', 'id', 'id key name format symbols formula createdAt'),
    kindOf(
      'webmarketerOutlay',
      'outlay',
      'id',
      'id campaignId amount currency startsAt endsAt country region createdAt updatedAt',
    ),
  ],
  leftOut: [],
};
