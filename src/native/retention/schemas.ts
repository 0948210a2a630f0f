import Type from 'typebox';
import type { NativeDialect } from '../services.ts';

export const RetentionBody = Type.Union([
  Type.Object(
    {
      dryRun: Type.Optional(Type.Boolean({ description: 'true: only counts.' })),
      wait: Type.Optional(
        Type.Boolean({ description: 'false: it answers at once, with the job; a dry run is none.' }),
      ),
    },
    { additionalProperties: false },
  ),
  Type.Null(),
]);

/** What was counted stands under the name of the dialect whose policies asked for it. */
export function retentionReply(dialects: readonly NativeDialect[]) {
  const counted = dialects.flatMap(({ name, retention }) => {
    if (!retention) return [];
    const { counters, policies: description } = retention;
    const form = Object.entries(counters).map(([counter, description]) => [
      counter,
      Type.Integer({ description }),
    ]);
    return [[name, Type.Object(Object.fromEntries(form), { description })]];
  });
  return Type.Object({
    dryRun: Type.Boolean(),
    more: Type.Boolean({
      description: 'Of a dry run: it has its limit, and there is more, uncounted.',
    }),
    ...Object.fromEntries(counted),
  });
}
