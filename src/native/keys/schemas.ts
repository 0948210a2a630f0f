import Type from 'typebox';
import { credentialKinds } from '../../core/credential/credential.ts';
import { maximumOverlapDays, usualOverlapHours } from '../../core/credential/manage-credentials.ts';
import type { KeyOwner } from '../../core/workspace/provision.ts';
import { queryObject } from '../../http/validation.ts';
import { ApiSchema, Id, Name, nullable, oneOf, resourceParameters, Time } from '../schemas/common.ts';

export const KeySchema = Type.Object({
  id: Id,
  kind: oneOf(credentialKinds),
  dialect: ApiSchema,
  role: Type.String({ description: 'What it may do there.' }),
  name: Type.String(),
  subject: nullable(
    Type.String({
      description: "Who shows it: an account's name, a client's or an app's id. Null where it shows itself.",
    }),
  ),
  madeFrom: nullable(
    Type.String({ format: 'uuid', description: 'The credential that it was made from, and ends with.' }),
  ),
  createdAt: Time,
  lastUsedAt: nullable(Time),
  expiresAt: nullable(Time),
  revokedAt: nullable(Time),
});

export const KeysQuery = queryObject({
  kind: Type.Optional(oneOf(credentialKinds)),
  madeFrom: Type.Optional(
    Type.String({ format: 'uuid', description: 'Only what was made from this credential.' }),
  ),
  after: Type.Optional(Type.String({ format: 'uuid', description: '`next` of the page before.' })),
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
});

export const KeysReply = Type.Object({
  keys: Type.Array(KeySchema),
  next: nullable(Type.String({ format: 'uuid', description: '`after` of the next page.' })),
});

export const NewAdministratorKeyBody = Type.Object({ name: Name }, { additionalProperties: false });

export function newKeyBody(owners: readonly KeyOwner[]) {
  const roles = owners.map(({ dialect, keys }) => `${keys.roles.join(', ')} (${dialect})`).join('; ');
  return Type.Object(
    {
      dialect: oneOf(owners.map(({ dialect }) => dialect)),
      role: Type.Optional(
        Type.String({ maxLength: 32, description: `The first of the dialect's if left out: ${roles}.` }),
      ),
      name: Name,
    },
    { additionalProperties: false },
  );
}

const secret = Type.String({ description: 'Shown once. Of a service account: its private key (PEM).' });

export const NewKeyReply = Type.Object({ key: KeySchema, secret });

export const RotationBody = Type.Union([
  Type.Object(
    {
      oldValidUntil: Type.Optional(
        Type.String({
          format: 'date-time',
          description: `When the old secret ends, at most ${maximumOverlapDays} days from now; what is past ends it at once. ${usualOverlapHours} hours from now if left out.`,
        }),
      ),
    },
    { additionalProperties: false },
  ),
  Type.Null(),
]);

export const RotationReply = Type.Object({
  key: KeySchema,
  secret,
  privateKeyId: nullable(
    Type.String({ description: "Of a service account's key: the `kid` of its assertions." }),
  ),
  oldValidUntil: Time,
});

const keyIdMeaning = "The credential's id, not its secret.";

export const KeyParameters = resourceParameters('keyId', keyIdMeaning);
export const AdministratorKeyParameters = Type.Object({
  keyId: Type.String({ format: 'uuid', description: keyIdMeaning }),
});
