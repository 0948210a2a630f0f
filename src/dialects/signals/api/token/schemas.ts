import Type from 'typebox';

export const SignInBody = Type.Object({ username: Type.String(), password: Type.String() });

export const TokenReply = Type.Object({
  access_token: Type.String(),
  token_type: Type.Literal('Bearer'),
  expires_in: Type.Integer({ description: 'Seconds.' }),
});
