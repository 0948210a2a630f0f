import Type from 'typebox';
import { page, pageQuery } from '../schemas.ts';

export const IntegrationParameters = Type.Object({ projectId: Type.String(), wmktId: Type.String() });

export const IntegrationsQuery = Type.Object(pageQuery);

export const IntegrationReply = Type.Object({
  _id: Type.String({ description: '24 hex digits' }),
  projectId: Type.String(),
  credentialId: Type.Unknown({ description: 'A string or null' }),
  name: Type.String(),
  type: Type.String(),
  wmktId: Type.String(),
  dataSource: Type.Unknown({ description: 'A string or null' }),
  urlCheck: Type.Object({
    lastCheck: Type.Unknown({ description: 'A date-time or null' }),
    status: Type.String({ description: 'valid, invalid, pending or unavailable' }),
  }),
  createdAt: Type.String({ format: 'date-time' }),
});

export const IntegrationsReply = page(IntegrationReply);
