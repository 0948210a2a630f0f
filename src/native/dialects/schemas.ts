import Type from 'typebox';
import type { DialectName } from '../../core/dialect-name.ts';
import { dialectOf, nullable } from '../schemas/common.ts';

const belongsTo = nullable(
  Type.Object(
    { kind: Type.String(), setting: Type.String() },
    {
      description:
        'The kind of name that it belongs to, and the member that says which: of the body of a name, of the settings of a source.',
    },
  ),
);

export function dialectsReply(dialects: readonly { readonly name: DialectName }[]) {
  return Type.Object({
    dialects: Type.Array(
      Type.Object({
        name: dialectOf(dialects),
        title: Type.String({ description: 'As its vendor calls it.' }),
        addresses: Type.Array(
          Type.Object({
            vendor: Type.String({ description: 'As clients are set up with it at the vendor.' }),
            here: Type.String({ description: 'What takes its place.' }),
          }),
          { description: 'By which a client moves over.' },
        ),
        names: Type.Array(Type.Object({ kind: Type.String(), belongsTo }), {
          description: 'Of which kinds a workspace can be given names in it (POST …/bindings).',
        }),
        source: nullable(
          Type.Object(
            {
              kind: Type.String({ description: "The vendor's word for it." }),
              isName: Type.Boolean({
                description: 'Its id is one workspace’s in all of the installation.',
              }),
              belongsTo,
            },
            { description: 'What its events come in by, where there is such a thing.' },
          ),
        ),
        keyRoles: Type.Array(Type.String(), { description: 'What a key may be for; the usual one first.' }),
        rateGroups: Type.Array(Type.String(), { description: 'Members of `rateLimits`.' }),
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
