import Type from 'typebox';
import { maximumRetentionDays } from '../../../core/retention/retention-days.ts';
import { nullable, oneOf, openObject } from '../../../native/schemas/common.ts';
import {
  fieldEntities,
  maximumNameLength,
  maximumReferenceLength,
  referencePattern,
} from '../definition/definition.ts';
import { FIELD_TYPE_NAMES } from '../field-type/field-type.ts';

const flag = (description: string) => Type.Optional(Type.Boolean({ description }));

export const FieldForm = Type.Object(
  {
    type: oneOf(FIELD_TYPE_NAMES),
    entity: oneOf(fieldEntities),
    storageKey: Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'What the value is kept under: letters, digits, _, -, . and :',
    }),
    ingestionKey: Type.Optional(
      nullable(
        Type.String({
          minLength: 1,
          maxLength: 200,
          description:
            'The member of the event’s data that is read; null: that of the storage key, and for states and statistics none.',
        }),
      ),
    ),
    discriminant: flag('Users with an equal value are one.'),
    isPii: flag('Personal: retention anonymizes it.'),
    isMostProbableLocation: flag('Where the user most probably is.'),
    optional: flag('Without it, an event that lacks the value goes to quarantine.'),
  },
  { additionalProperties: false },
);

const changeable = {
  name: Type.String({ minLength: 1, maxLength: maximumNameLength, description: 'For people.' }),
  fields: Type.Array(FieldForm, { maxItems: 200 }),
  metadata: openObject('Kept and shown.'),
  phoneParsingConfig: nullable(
    Type.Array(
      Type.Object(
        {
          order: Type.Integer({ minimum: -1_000_000, maximum: 1_000_000 }),
          countryCode: Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1, such as FR' }),
        },
        { additionalProperties: false },
      ),
      {
        maxItems: 20,
        description: 'Countries in which a number without + is tried; null: the workspace’s.',
      },
    ),
  ),
  expirationPolicy: nullable(
    Type.Object(
      {
        from: oneOf(['project', 'event-type']),
        retentionDurationInDays: nullable(Type.Integer({ minimum: 1, maximum: maximumRetentionDays })),
      },
      {
        additionalProperties: false,
        description: 'Its own, or the project’s; without a number its events are kept for good.',
      },
    ),
  ),
  attributable: Type.Boolean({ description: 'Its events may be credited to campaigns.' }),
};

const optional = Type.Partial(Type.Object(changeable));

export const NewType = Type.Object(
  {
    reference: Type.String({
      pattern: referencePattern.source,
      maxLength: maximumReferenceLength,
      description: 'By which events name it. It stays.',
    }),
    ...optional.properties,
    name: changeable.name,
  },
  { additionalProperties: false },
);

export const DefinitionChanges = Type.Object(
  {
    version: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 2_147_483_647,
        description: 'The one that is changed; when it is another by now: 409.',
      }),
    ),
    ...optional.properties,
  },
  { additionalProperties: false, minProperties: 1 },
);
