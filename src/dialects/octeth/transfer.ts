import { kindOf, type Transfer } from '../../transfer/kinds.ts';

/** What it alone keeps of a workspace (docs/export-format.md). */
export const transfer: Transfer = {
  kinds: [
    kindOf(
      'octethCustomField',
      'custom_field',
      'id',
      'id sourceId name type alias identifies isUnique isRequired defaultValue validation detail createdAt',
    ),
  ],
  leftOut: [],
};
