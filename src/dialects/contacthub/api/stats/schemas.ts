import Type, { type TProperties } from 'typebox';
import { queryObject } from '../../../../http/validation.ts';
import { modes } from '../../analytics/day-range.ts';
import { EVENT_CONTEXT_NAMES } from '../../documents/enums.ts';
import { anyId } from '../schemas.ts';

function oneOf<Name extends string>(names: readonly Name[], usual: Name) {
  return Type.Unsafe<Name>({ type: 'string', enum: [...names], default: usual });
}

const date = (description: string) => Type.Optional(Type.String({ maxLength: 40, description }));

const range = {
  start: date('Date-time. Days of the workspace are counted whole; moved where the range would be too long.'),
  end: date('Date-time; now, if left out.'),
};
const nodeId = Type.Optional(anyId);

const inRange = <Properties extends TProperties>(properties: Properties) =>
  queryObject({ ...range, ...properties });

export const CategoryQuery = inRange({ mode: oneOf(modes, 'DAILY') });
export const RangeQuery = inRange({});
export const NodeQuery = queryObject({ nodeId });
export const CreationQuery = inRange({ mode: oneOf(modes, 'MONTHLY'), nodeId });
export const UpdateQuery = inRange({ type: oneOf(['ADDED', 'UPDATED', 'DELETED'], 'ADDED'), nodeId });
export const ContextQuery = inRange({ context: oneOf([...EVENT_CONTEXT_NAMES, 'ALL'], 'ALL'), nodeId });
export const PurchaseQuery = inRange({ type: oneOf(['ECOMMERCE', 'RETAIL', 'ALL'], 'ALL'), nodeId });
export const KpiQuery = inRange({ nodeId });
