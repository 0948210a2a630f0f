import Type, { type TSchema } from 'typebox';
import type { ApiName, DialectName } from '../../core/dialect-name.ts';

export function nullable<Schema extends TSchema>(schema: Schema) {
  return Type.Union([schema, Type.Null()]);
}

/** A JSON object whose members are not this API's: an event's properties, a dialect's settings. */
export function openObject(description: string) {
  return Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true, description });
}

export function counts(description: string) {
  return Type.Unsafe<Record<string, number>>({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description,
  });
}

export const Id = Type.String({ format: 'uuid' });
export const Time = Type.String({ format: 'date-time', description: 'ISO 8601, UTC' });
export const Name = Type.String({ minLength: 1, maxLength: 200 });
export const Seq = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
export function oneOf<Text extends string>(texts: readonly Text[]) {
  return Type.Unsafe<Text>({ type: 'string', enum: [...texts] });
}

/** Of an answer. */
export const DialectSchema = Type.Unsafe<DialectName>({ type: 'string', description: "The dialect's name." });
export const ApiSchema = Type.Unsafe<ApiName>({
  type: 'string',
  description: "The dialect's name, or native.",
});

/** Of a request: one of those that there are. */
export function dialectOf(dialects: readonly { readonly name: DialectName }[]) {
  return oneOf(dialects.map(({ name }) => name));
}

export const WorkspaceParameters = Type.Object({
  workspace: Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$', description: "The workspace's id or slug." }),
});

/** The path of one resource within a workspace. */
export function resourceParameters<Key extends string>(key: Key, description: string) {
  return Type.Object({
    ...WorkspaceParameters.properties,
    [key]: Type.String({ format: 'uuid', description }),
  } as typeof WorkspaceParameters.properties & Record<Key, Type.TString>);
}

export const ErrorReply = Type.Object({
  error: Type.Object({
    code: Type.String({ description: 'Stable: one of the catalogue in src/errors.ts.' }),
    message: Type.String(),
    path: Type.Optional(Type.String()),
    violation: Type.Optional(
      Type.Object({
        rule: Type.String(),
        path: nullable(Type.String()),
        detail: openObject("In the dialect's own terms."),
      }),
    ),
  }),
});

const meanings = {
  400: 'A parameter or the body is wrong.',
  401: 'No valid key.',
  403: 'The key is valid, but not for this.',
  404: 'There is no such workspace or resource for this key.',
  409: 'It exists, or was done, already.',
  422: 'The event still breaks a rule.',
  429: 'Too many, or Meta’s rate limit is reached; try again after Retry-After seconds.',
  502: 'Meta refused the token, or did not give what it was asked for.',
  503: 'Not now; try again after Retry-After seconds.',
} as const;

/** What a route can answer besides its success. */
export function errors(...statuses: (keyof typeof meanings)[]) {
  const all: (keyof typeof meanings)[] = [400, 401, 503, ...statuses];
  return Object.fromEntries(
    all.map((status) => [status, Type.Object(ErrorReply.properties, { description: meanings[status] })]),
  );
}
