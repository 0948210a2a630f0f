import Type from 'typebox';
import { channels } from '../../core/campaign/channel.ts';
import { maximumUrlLength } from '../../core/campaign/landing.ts';
import { Id, nullable, oneOf, Time } from '../schemas/common.ts';

export const VisitBody = Type.Object(
  {
    url: Type.String({
      minLength: 1,
      maxLength: maximumUrlLength,
      description:
        'The landing URL. Read from it: wmktid (the integration), cid (the campaign’s slug), utm_* and click ids.',
    }),
    referrer: Type.Optional(Type.String({ maxLength: maximumUrlLength })),
    trackerId: Type.String({
      minLength: 1,
      maxLength: 256,
      description: 'The browser; events that name it by trackerId are the same visitor’s.',
    }),
    at: Type.Optional(Type.String({ maxLength: 64, description: 'RFC 3339; else the time of receipt.' })),
    messageId: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 256,
        description:
          'The sender’s own id of the visit: a repeat stores nothing and is answered as the first.',
      }),
    ),
  },
  { additionalProperties: false },
);

export const VisitReply = Type.Object({
  id: Id,
  profileId: Id,
  at: Time,
  channel: oneOf(channels),
  integration: nullable(Type.String({ description: 'Its wmktId.' })),
  campaignId: nullable(Id),
});
