import Type from 'typebox';
import { Industry, Logo } from '../../settings/workspace-facts.ts';

/** "Object necessary to modify the workspace configuration." What is left out stays (inferred). */
export const ConfigurationBody = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Name of workspace.' })),
    industry: Type.Optional(Industry),
    logo: Type.Optional(Logo),
    timezone: Type.Optional(
      Type.Union([Type.String(), Type.Null()], { description: 'Europe/Rome, Europe/Paris, Europe/London.' }),
    ),
    currency: Type.Optional(Type.String({ description: 'EUR, USD, JPY.' })),
    customerUniquenessPolicy: Type.Optional(
      Type.Unsafe<'MERGE' | null>({
        type: ['string', 'null'],
        enum: ['MERGE', null],
        description: '[Deprecated]: the only value accepted is MERGE',
      }),
    ),
    tier: Type.Optional(Type.Null({ description: 'Read only.' })),
  },
  { additionalProperties: false },
);

export const ThrottlingBody = Type.Object(
  {
    maxRequestsPerMinute: Type.Integer({
      minimum: 0,
      maximum: 1_000_000_000,
      description: 'max requests per minute for workspace.',
    }),
  },
  { additionalProperties: false },
);
