import Type from 'typebox';
import { queryObject } from '../../../../http/validation.ts';
import { anyId, workspaceId } from '../schemas.ts';

export const NodeParameters = Type.Object({ workspaceId, nodeId: anyId });
export const AggregateParameters = Type.Object({ workspaceId, aggregateNodeId: anyId });
export const SubscriberSourceParameters = Type.Object({ workspaceId, subscriberSourceId: anyId });
export const DatabaseParameters = Type.Object({ groupPk: anyId, userdbId: anyId });
export const GroupParameters = Type.Object({ groupPk: anyId });

export const GroupQuery = queryObject({ groupPk: Type.Optional(Type.Integer({ minimum: 0 })) });
