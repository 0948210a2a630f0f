import Type from 'typebox';
import { queryObject } from '../../http/validation.ts';
import { counts, Time } from '../schemas/common.ts';

export const AccountingQuery = queryObject({
  since: Type.Optional(
    Type.String({ format: 'date-time', description: '24 hours before until, if left out.' }),
  ),
  until: Type.Optional(Type.String({ format: 'date-time', description: 'Now, if left out.' })),
});

export const AccountingReply = Type.Object({
  since: Time,
  until: Time,
  closes: Type.Boolean({
    description: 'Of every hour: received = stored + duplicate + quarantined + dropped.',
  }),
  hours: Type.Array(
    Type.Object({
      dialect: Type.String(),
      hour: Time,
      received: Type.Integer(),
      stored: Type.Integer(),
      duplicate: Type.Integer(),
      quarantined: Type.Integer(),
      dropped: Type.Integer(),
      droppedBy: counts('By reason.'),
      closes: Type.Boolean(),
      derived: Type.Integer({ description: 'Events that others gave rise to; beside the equation.' }),
      deleted: Type.Integer(),
      refused: Type.Integer({ description: 'Requests that never became events.' }),
      refusedBy: counts('By error code.'),
      attributesDroppedBy: counts('Attributes that a rule dropped or cut, by rule.'),
      linksCapped: Type.Integer(),
    }),
  ),
});
