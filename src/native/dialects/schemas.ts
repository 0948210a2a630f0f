import Type from 'typebox';
import type { DialectName } from '../../core/dialect-name.ts';
import { dialectOf, nullable } from '../schemas/common.ts';

export function dialectsReply(dialects: readonly { readonly name: DialectName }[]) {
  return Type.Object({
    dialects: Type.Array(
      Type.Object({
        name: dialectOf(dialects),
        title: Type.String({ description: 'As its vendor calls it.' }),
        stored: Type.Integer({ description: 'Events that came in by it, since the beginning.' }),
        firstEvent: nullable(
          Type.Object(
            {
              command: Type.String({ description: 'For a POSIX shell, with the workspace’s own names.' }),
              key: Type.Object({
                role: Type.String(),
                placeholder: Type.String({
                  description: 'What of the command a key of that role takes the place of.',
                }),
              }),
            },
            { description: 'Sends an event. Null: the dialect has no such sample.' },
          ),
        ),
      }),
    ),
  });
}
