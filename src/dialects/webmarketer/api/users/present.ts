import { toObjectId } from '../../../../core/id.ts';
import type { User } from '../../query/read-users.ts';

/** docs/spec/webmarketer.md A2. `wanted`: the fields to show, in this order; undefined: all, by name. */
export function presentUser(projectId: string, user: User, wanted: readonly string[] | undefined) {
  const keys = wanted ?? [...user.fields.keys()].sort();
  return {
    _id: toObjectId(user.id),
    projectId,
    fields: keys.flatMap((field) => {
      const values = user.fields.get(field);
      return values ? [{ field, values }] : [];
    }),
    lastInteractionDate: user.lastInteractionAt,
    firstInteractionDate: user.firstInteractionAt,
    lastEventDate: user.lastEventAt,
    firstEventDate: user.firstEventAt,
    createdAt: user.createdAt,
    updatedAt: user.updatedAt,
  };
}
