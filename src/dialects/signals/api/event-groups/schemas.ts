import Type from 'typebox';
import { groupStatuses } from '../../conversion/event-group.ts';
import { ClientAppParameters, EventTypeName, NullableText, nullable } from '../schemas.ts';

const Status = Type.Union(groupStatuses.map((status) => Type.Literal(status)));

export const GroupParameters = Type.Object({
  ...ClientAppParameters.properties,
  groupId: Type.String({ description: '24 hex digits.' }),
});

export const GroupsQuery = Type.Object({
  ad_id: Type.Optional(Type.String()),
  event_type: Type.Optional(EventTypeName),
  event_type_id: Type.Optional(
    Type.String({ description: 'A type id or the group’s id, 24 hex digits, or as in `keyword#text`.' }),
  ),
  status: Type.Optional(Status),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
  offset: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
});

export const GroupReply = Type.Object({
  id: Type.String(),
  app_id: Type.String(),
  ad_id: NullableText,
  campaign_id: NullableText,
  type: EventTypeName,
  type_id: Type.String(),
  type_value: NullableText,
  status: Status,
  first_event: NullableText,
  last_event: NullableText,
  events_count: Type.Integer(),
  unique_users: Type.Integer(),
  cvr: Type.Number({ description: 'Events by all leads of the app and ad, in percent.' }),
  warnings: Type.Array(Type.String(), {
    description: 'What may make the figures wrong, as a very common text.',
  }),
});

export const GroupsReply = Type.Object({
  data: Type.Array(GroupReply),
  total_count: Type.Integer(),
  offset: Type.Integer(),
  limit: Type.Integer(),
});

export const NewGroupBody = Type.Object({
  type: EventTypeName,
  type_value: Type.Optional(
    Type.String({ description: 'Required for `keyword` and `conversation`: the text that is looked for.' }),
  ),
  ad_id: Type.Optional(nullable(Type.String({ description: 'Only in conversations that this ad began.' }))),
  campaign_id: Type.Optional(
    nullable(Type.String({ description: 'Only in conversations that an ad of this campaign began.' })),
  ),
});

export const GroupChangeBody = Type.Object({
  status: Type.Optional(Status),
  type_value: Type.Optional(Type.String()),
});
