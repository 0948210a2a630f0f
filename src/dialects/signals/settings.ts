import Type from 'typebox';
import { settingsReader } from '../../core/workspace/dialect-settings.ts';
import { metaIdPattern } from './advertising/advertising.ts';
import { ConversationHours } from './conversation/rules.ts';

/** Of an app: a WhatsApp number. */
export const AppSettings = Type.Object(
  {
    clientId: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$', description: 'Whose it is.' })),
    adAccountId: Type.Optional(
      Type.String({ pattern: metaIdPattern.source, description: 'By which its ads are paid.' }),
    ),
    ctwaTracking: Type.Optional(
      Type.Boolean({ description: 'false: its messages are acknowledged and dropped.' }),
    ),
  },
  { additionalProperties: false },
);

/** A workspace's `settings.dialects.signals`. */
export const ConversationSettings = Type.Object(
  { conversationHours: Type.Optional(ConversationHours) },
  { additionalProperties: false },
);

export const readAppSettings = settingsReader(AppSettings);
