import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { atOwn } from '../../access.ts';
import { presentUser } from './present.ts';

export const meOperations: readonly Operation<Services>[] = [
  operation({
    ...atOwn('readMe'),
    summary: 'Get whose token it is, and what it may',
    handle: ({ access }) => presentUser(access),
  }),
];
