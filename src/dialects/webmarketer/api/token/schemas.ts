import Type from 'typebox';

export const TokenBody = Type.Object({
  grant_type: Type.String({ description: 'urn:ietf:params:oauth:grant-type:jwt-bearer or refresh_token' }),
  client_id: Type.String(),
  assertion: Type.Optional(
    Type.String({ description: 'For jwt-bearer: signed with RS256 by the service account’s private key' }),
  ),
  client_secret: Type.Optional(Type.String({ description: 'For refresh_token, where the client has one' })),
  refresh_token: Type.Optional(Type.String()),
  scope: Type.Optional(
    Type.String({ description: 'full_access; with offline_access there is a refresh token' }),
  ),
});

export const TokenReply = Type.Object({
  access_token: Type.String(),
  token_type: Type.Literal('Bearer'),
  expires_in: Type.Integer({ description: 'Seconds' }),
  scope: Type.String(),
  refresh_token: Type.Optional(Type.String()),
});
