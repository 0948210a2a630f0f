import Type from 'typebox';
import { RetentionDays } from '../../core/retention/retention-days.ts';
import { settingsReader } from '../../core/workspace/dialect-settings.ts';

/** A workspace's `settings.dialects.octeth`. */
export const UserSettings = Type.Object(
  {
    requireEmail: Type.Optional(
      Type.Boolean({ description: 'true: events of nobody who has an address are refused.' }),
    ),
    eventRetentionDays: Type.Optional(RetentionDays),
  },
  { additionalProperties: false },
);

/** Of a list. */
export const ListSettings = Type.Object(
  {
    optInMode: Type.Optional(Type.Union([Type.Literal('Single'), Type.Literal('Double')])),
    description: Type.Optional(Type.String({ maxLength: 2000 })),
  },
  { additionalProperties: false },
);

export const readUserSettings = settingsReader(UserSettings);
export const readListSettings = settingsReader(ListSettings);
