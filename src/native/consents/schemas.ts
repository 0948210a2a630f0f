import Type from 'typebox';
import { consentActs } from '../../core/consent/consent.ts';
import { queryObject } from '../../http/validation.ts';
import { DialectSchema, Id, nullable, oneOf, Seq, Time } from '../schemas/common.ts';

const ActSchema = oneOf(consentActs);

export const ConsentsQuery = queryObject({
  person: Type.Optional(
    Type.String({ format: 'uuid', description: "The person's id, or that of any of its profiles." }),
  ),
  act: Type.Optional(ActSchema),
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }),
  next: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: 'Of the page before.' })),
});

export const ConsentsReply = Type.Object({
  consents: Type.Array(
    Type.Object({
      id: Seq,
      at: Time,
      act: ActSchema,
      property: nullable(Type.String({ description: "The attribute's path." })),
      value: nullable(Type.String({ description: 'Null: none any more.' })),
      dialect: nullable(DialectSchema),
      profileId: Id,
      personId: Type.String({ format: 'uuid', description: 'As of now: merges and their undoing move it.' }),
      sourceId: nullable(Type.String({ format: 'uuid', description: 'The key of the source that said so.' })),
      userId: nullable(Type.String({ format: 'uuid', description: 'The key of the user who said so.' })),
    }),
  ),
  next: nullable(Type.String()),
});
