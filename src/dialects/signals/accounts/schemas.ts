import Type from 'typebox';

const clientId = Type.String();
const Text = Type.Union([Type.String(), Type.Null()]);

export const ClientParameters = Type.Object({ clientId });

export const FacebookAccountParameters = Type.Object({ clientId, facebookAccountId: Type.String() });

export const FacebookAccountsReply = Type.Array(Type.Object({ id: Type.String(), email: Text }));

export const AdAccountsReply = Type.Array(
  Type.Object({ id: Type.String({ description: 'Digits, without act_.' }), name: Text }),
);
