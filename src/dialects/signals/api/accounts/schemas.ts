import Type from 'typebox';
import { ClientParameters, NullableText } from '../schemas.ts';

const { clientId } = ClientParameters.properties;

export const FacebookAccountParameters = Type.Object({ clientId, facebookAccountId: Type.String() });

export const FacebookAccountsReply = Type.Array(Type.Object({ id: Type.String(), email: NullableText }));

export const AdAccountsReply = Type.Array(
  Type.Object({ id: Type.String({ description: 'Digits, without act_.' }), name: NullableText }),
);
