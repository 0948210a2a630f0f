import Type from 'typebox';
import { queryObject } from '../../../../http/validation.ts';
import { workspaceId } from '../schemas.ts';

export const EventTypeParameters = Type.Object({ workspaceId, eventType: Type.String({ maxLength: 100 }) });

export const SchemaQuery = queryObject({ resolveReferences: Type.Boolean({ default: false }) });

export const DocumentParameters = Type.Object({ '*': Type.String() });
