import Type from 'typebox';
import { queryObject } from '../../../../http/validation.ts';
import { anyId, paging, workspaceId } from '../schemas.ts';
import { consentTypes } from './present.ts';

export const ConsentParameters = Type.Object({
  workspaceId,
  consentId: Type.String({ description: 'Identifier of the consent log.' }),
});

export const ConsentSearchQuery = queryObject({
  customerId: Type.Optional(anyId),
  uniqueKey: Type.Optional(
    Type.String({
      maxLength: 4000,
      description:
        'JSON with the values of the unique properties, as `{"base":{"contacts":{"email":"a@example.com"}}}` or by dotted path.',
    }),
  ),
  startDate: Type.Optional(
    Type.String({ maxLength: 40, description: 'A day of the workspace, or a date-time; inclusive.' }),
  ),
  endDate: Type.Optional(
    Type.String({ maxLength: 40, description: 'A day of the workspace, or a date-time; inclusive.' }),
  ),
  type: Type.Optional(Type.Unsafe<string>({ type: 'string', enum: [...consentTypes.keys()] })),
  property: Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'Path of a property, or of a part, as `consents.marketing.automatic`.',
    }),
  ),
  nodes: Type.Optional(Type.String({ maxLength: 2000, description: 'Ids of nodes, by commas.' })),
  ...paging,
});
