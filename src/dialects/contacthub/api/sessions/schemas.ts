import Type from 'typebox';
import { customerId, workspaceId } from '../schemas.ts';

export const SessionParameters = Type.Object({
  workspaceId,
  customerId,
  sessionId: Type.String({ description: "The session's id, not its value." }),
});
