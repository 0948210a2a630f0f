import Type from 'typebox';
import { credentials, listId } from '../schemas.ts';

/** Parameter names are taken in any case. */
export const EventBody = Type.Object({
  ...credentials,
  ListID: listId,
  Event: Type.String({ description: 'identify, conversion, pageView, page_view or a name of your own.' }),
  Email: Type.Optional(
    Type.String({
      description:
        'Required unless a UUID is given, the event is a page view, or ID is the SHA-256 of an address.',
    }),
  ),
  ID: Type.Optional(
    Type.String({
      maxLength: 255,
      description: 'Your own id of the person; one is made up and answered if absent.',
    }),
  ),
  UUID: Type.Optional(Type.String({ format: 'uuid', description: 'The id of the visitor (browser).' })),
  Properties: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  IdentifyProperties: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});

export const TrackedReply = Type.Object({
  status: Type.Literal('success'),
  uuid: Type.String(),
  external_id: Type.String(),
  identify_event_sent: Type.Boolean(),
});

export const PropertyListBody = Type.Object({ ...credentials, ListID: listId });

export const PropertyListQuery = Type.Object({
  ...credentials,
  ListID: Type.Optional(Type.String({ description: 'The number of a list.' })),
});

export const PropertyListReply = Type.Object({
  ListID: Type.Union([Type.Integer(), Type.String()]),
  Properties: Type.Record(Type.String(), Type.Array(Type.String())),
});
