/** A JSON schema, as far as values are made from it. */
export interface Form {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Form[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly items?: Form;
  readonly properties?: Readonly<Record<string, Form>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
}

/** A request's part that its form does not allow, and what is wrong with it. */
export interface Invalid<Value> {
  readonly wrong: string;
  readonly value: Value;
}

const nonsense = '\u007f nonsense';

/** Texts that stand for none of the form's values, as in a query. */
function invalidTexts(form: Form): string[] {
  const texts: string[] = [];
  if (form.enum || form.pattern || form.format || form.const !== undefined) texts.push(nonsense);
  if (form.minLength) texts.push('');
  if (form.maxLength !== undefined) texts.push('x'.repeat(form.maxLength + 1));
  if (form.type === 'integer' || form.type === 'number' || form.type === 'boolean') texts.push(nonsense);
  if (form.type === 'integer') texts.push('1.5');
  return [...texts, ...beyond(form).map(String)];
}

function beyond({ minimum, maximum }: Form): number[] {
  return [
    ...(minimum === undefined ? [] : [minimum - 1]),
    // One above what a double holds exactly is that itself.
    ...(maximum === undefined ? [] : [Number.isSafeInteger(maximum + 1) ? maximum + 1 : maximum * 2]),
  ];
}

/** JSON values that are none of the form's. */
function invalidValues(form: Form): unknown[] {
  if (form.anyOf) {
    const one = form.anyOf.find(({ type }) => type !== 'null') ?? {};
    return form.anyOf.some(({ type }) => type === 'object') ? [7] : [{}, ...ofOne(one)];
  }
  return ofOne(form);
}

function ofOne(form: Form): unknown[] {
  switch (form.type) {
    case 'string':
      return [7, {}, ...invalidTexts(form)];
    case 'integer':
      return ['7', 1.5, ...beyond(form)];
    case 'number':
      return ['7', ...beyond(form)];
    case 'boolean':
      return ['true', 1];
    case 'array':
      return [{}, ...(form.items ? invalidValues(form.items).map((item) => [item]) : [])];
    case 'object':
      return [7, [], ...invalidMembers(form, {}).map(({ value }) => value)];
    default:
      return form.const === undefined ? [] : [nonsense];
  }
}

/** Objects with one fault each, made from `base`, which has none. */
export function invalidMembers(
  form: Form,
  base: Readonly<Record<string, unknown>>,
): Invalid<Record<string, unknown>>[] {
  const found = Object.entries(form.properties ?? {}).flatMap(([name, member]) =>
    invalidValues(member).map((value) => ({
      wrong: `${name}: ${say(value)}`,
      value: { ...base, [name]: value },
    })),
  );
  for (const name of form.required ?? []) found.push({ wrong: `no ${name}`, value: without(base, name) });
  if (form.additionalProperties === false)
    found.push({ wrong: 'an unknown member', value: { ...base, nobodyKnows: 1 } });
  return found;
}

/** Queries with one fault each, made from `base`, which has none. What has a default may be left out. */
export function invalidQueries(
  form: Form,
  base: Readonly<Record<string, string>>,
): Invalid<Record<string, string>>[] {
  const found = Object.entries(form.properties ?? {}).flatMap(([name, member]) =>
    invalidTexts(member).map((value) => ({
      wrong: `${name}=${say(value)}`,
      value: { ...base, [name]: value },
    })),
  );
  for (const name of form.required ?? []) {
    if (!('default' in (form.properties?.[name] ?? {})))
      found.push({ wrong: `no ${name}`, value: without(base, name) });
  }
  return found;
}

function without<Value>(base: Readonly<Record<string, Value>>, name: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(base).filter(([key]) => key !== name));
}

function say(value: unknown): string {
  return (JSON.stringify(value) ?? '').slice(0, 40);
}
