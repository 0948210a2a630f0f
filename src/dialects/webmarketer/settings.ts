import Type from 'typebox';
import { RetentionDays } from '../../core/retention/retention-days.ts';
import { settingsReader } from '../../core/workspace/dialect-settings.ts';

/** What Webmarketer alone knows of a project (docs/spec/webmarketer.md ruling 2), in a workspace's `settings.dialects.webmarketer`. */
export const ProjectSettings = Type.Object(
  {
    mode: Type.Optional(
      Type.Union([Type.Literal('e-commerce'), Type.Literal('simple'), Type.Literal('long-sales-cycle')], {
        description: 'simple if left out.',
      }),
    ),
    retentionDurationInDays: Type.Optional(RetentionDays),
    picture: Type.Optional(Type.Union([Type.String({ maxLength: 2048 }), Type.Null()])),
    domain: Type.Optional(Type.Union([Type.String({ maxLength: 255 }), Type.Null()])),
  },
  { additionalProperties: false },
);

/** Of an integration. */
export const IntegrationSettings = Type.Object(
  {
    type: Type.Optional(
      Type.String({ pattern: '^[a-z0-9-]{1,64}$', description: 'custom-ads if left out.' }),
    ),
    currency: Type.Optional(
      Type.String({ pattern: '^[A-Z]{3}$', description: "ISO 4217; the workspace's if left out." }),
    ),
    dataSource: Type.Optional(Type.Union([Type.String({ maxLength: 255 }), Type.Null()])),
    credentialId: Type.Optional(Type.Union([Type.String({ maxLength: 255 }), Type.Null()])),
  },
  { additionalProperties: false },
);

export const readProjectSettings = settingsReader(ProjectSettings);
export const readIntegrationSettings = settingsReader(IntegrationSettings);
