import Type from 'typebox';
import { queryObject } from '../../../../http/validation.ts';
import { anyId } from '../schemas.ts';

const filters = {
  nodeId: Type.Optional(anyId),
  entity: Type.Optional(Type.Union([Type.Literal('CUSTOMER'), Type.Literal('EVENT')])),
};

/** "size 0..4000" (docs/spec/contacthub.md A#117). */
export const maximumUpdates = 4000;

export const LastOffsetQuery = queryObject(filters);

export const UpdatesQuery = queryObject({
  ...filters,
  size: Type.Integer({ minimum: 0, maximum: maximumUpdates, default: 50 }),
  timestamp: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 253_402_300_799_999,
      description: 'Milliseconds since the epoch; ignored when there is an offset.',
    }),
  ),
  offset: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Updates behind this one, which is left out.',
    }),
  ),
});
