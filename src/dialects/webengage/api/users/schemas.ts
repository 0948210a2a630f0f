import Type from 'typebox';
import { identifiers } from '../schemas.ts';

export const UserBody = Type.Object({
  ...identifiers,
  firstName: Type.Optional(Type.String()),
  lastName: Type.Optional(Type.String()),
  birthDate: Type.Optional(Type.String({ description: 'yyyy-MM-ddTHH:mm:ss±hhmm' })),
  gender: Type.Optional(Type.String({ description: 'male, female or other' })),
  email: Type.Optional(Type.String()),
  phone: Type.Optional(Type.String({ description: 'E.164' })),
  emailOptIn: Type.Optional(Type.Boolean()),
  smsOptIn: Type.Optional(Type.Boolean()),
  whatsappOptIn: Type.Optional(Type.Boolean()),
  rcsOptIn: Type.Optional(Type.Boolean()),
  company: Type.Optional(Type.String()),
  hashedEmail: Type.Optional(Type.String()),
  hashedPhone: Type.Optional(Type.String()),
  postalCode: Type.Optional(Type.String()),
  country: Type.Optional(Type.String()),
  city: Type.Optional(Type.String()),
  locality: Type.Optional(Type.String()),
  region: Type.Optional(Type.String()),
  attributes: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});

export const BulkUsersBody = Type.Object({ users: Type.Array(UserBody, { description: '1 to 25 users' }) });
