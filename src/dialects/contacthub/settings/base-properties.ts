import Type from 'typebox';
import { BASE_PROPERTY_NAMES, type BasePropertyName } from '../documents/base-property-names.ts';

/** Base properties that a workspace has switched off, with all that is in them. */
export const DisabledBaseProperties = Type.Array(
  Type.Unsafe<BasePropertyName>({ type: 'string', enum: [...BASE_PROPERTY_NAMES] }),
  {
    uniqueItems: true,
    description: 'By name, such as contacts.fax: neither taken nor shown; what is stored stays.',
  },
);
