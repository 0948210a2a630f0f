import Type from 'typebox';
import { queryObject } from '../../../../http/validation.ts';
import { anyId, workspaceId } from '../schemas.ts';

export const EventTypeParameters = Type.Object({ workspaceId, eventType: anyId });

export const SchemaQuery = queryObject({ resolveReferences: Type.Boolean({ default: false }) });

export const DocumentParameters = Type.Object({ '*': Type.String() });
