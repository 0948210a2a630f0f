import Type from 'typebox';
import { queryObject } from '../../../../http/validation.ts';
import { anyId, paging, workspaceId } from '../schemas.ts';

export const EventParameters = Type.Object({ workspaceId, id: anyId });

export const EventSearchQuery = queryObject({
  customerId: Type.Optional(anyId),
  nodeId: Type.Optional(anyId),
  type: Type.Optional(Type.String({ maxLength: 2000, description: 'One type or several, by commas.' })),
  context: Type.Optional(Type.String({ maxLength: 200, description: 'One context or several, by commas.' })),
  mode: Type.Optional(Type.Union([Type.Literal('ACTIVE'), Type.Literal('PASSIVE')])),
  dateFrom: Type.Optional(Type.String({ maxLength: 40, description: 'Date-time, inclusive.' })),
  dateTo: Type.Optional(Type.String({ maxLength: 40, description: 'Date-time, inclusive.' })),
  ...paging,
});
export const EventQuery = Type.Object({ nav: Type.Optional(Type.Literal('CUSTOMER')) });
