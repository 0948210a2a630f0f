import Type from 'typebox';
import { EVENT_TYPE_NAMES, type EventTypeName } from '../documents/enums.ts';

/** A hundred years. The page names no limit. */
export const maximumRetentionMonths = 1200;

/** After how many months events of a type are deleted; 0: never (inferred, as 0 turns off the vendor's throttling). */
export type RetentionPolicy = Readonly<Partial<Record<EventTypeName, { readonly months: number }>>>;

/** By event type; one that is not named has no policy of its own. */
export const RetentionPolicy = Type.Unsafe<RetentionPolicy>({
  type: 'object',
  patternProperties: {
    [`^(?:${EVENT_TYPE_NAMES.join('|')})$`]: Type.Object(
      { months: Type.Integer({ minimum: 0, maximum: maximumRetentionMonths }) },
      { additionalProperties: false },
    ),
  },
  additionalProperties: false,
  description: 'By event type: after how many months its events are deleted; 0 is never.',
});
