import Type from 'typebox';
import { Id, nullable, oneOf, Time } from '../schemas/common.ts';

const Secret = Type.String({ minLength: 1, maxLength: 512 });

export const KeySignIn = Type.Object(
  { key: Type.String({ ...Secret, description: 'A key of this API.' }) },
  { additionalProperties: false },
);

export const LinkSignIn = Type.Object(
  {
    link: Type.String({ ...Secret, description: 'What stands behind the # of a link that a start printed.' }),
  },
  { additionalProperties: false },
);

export const SessionSchema = Type.Object({
  keyId: Type.String({ format: 'uuid', description: 'The key that it was made from, and ends with.' }),
  role: oneOf(['admin', 'workspace']),
  workspace: nullable(
    Type.Object(
      { id: Id, slug: Type.String() },
      { description: 'The one that it opens; null: the administrator’s, which opens all.' },
    ),
  ),
  expiresAt: Time,
});

export const SessionReply = Type.Object({
  session: nullable(SessionSchema),
});
