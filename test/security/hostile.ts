/** JSON texts, or what is none, in place of a value. */
export const hostileValues: readonly string[] = [
  String.raw`"\u0000"`,
  String.raw`"ada\u0000@example.com"`,
  String.raw`"\ud800"`,
  String.raw`"x\udc00y"`,
  String.raw`"\uffff\ufffe"`,
  '"__proto__"',
  '"constructor"',
  '1e400000',
  '-1e400000',
  '-0',
  '1e-400',
  '18446744073709551616',
  '-9223372036854775809',
  '""',
  '" "',
  `"${'x'.repeat(5000)}"`,
  `"${'é'.repeat(300)}"`,
  `${'['.repeat(40)}${']'.repeat(40)}`,
  `${'{"a":'.repeat(50)}1${'}'.repeat(50)}`,
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  String.raw`{"\u0000":1}`,
  '{}',
  '[]',
  '[null]',
  'null',
  'true',
  '"0000-00-00T00:00:00Z"',
  '"+275760-09-13T00:00:00Z"',
  '"-000001-01-01T00:00:00+0000"',
];

/** Members to be put into an object, as JSON text. */
export const hostileMembers: readonly string[] = [
  String.raw`"\u0000":1`,
  String.raw`"a\u0000b":"x"`,
  String.raw`"\ud800":1`,
  '"__proto__":{"polluted":true}',
  '"constructor":{"prototype":{"polluted":true}}',
  '"toString":1,"hasOwnProperty":null,"valueOf":[],"length":-1,"then":1',
  '"":1',
  '"twice":1,"twice":{"a":2},"twice":"three"',
  `"${'k'.repeat(5000)}":1`,
  '"$where":"1","$ne":null,"a.b.c":1,"a\'; drop table event; --":1',
];

/** Whole bodies, as they go out under the route's own content type. */
export function hostileBodies(): Record<string, string | Buffer> {
  const manyKeys = Array.from({ length: 100_000 }, (_, index) => `"k${index}":0`).join(',');
  return {
    nothing: '',
    blank: '   ',
    null: 'null',
    'a boolean': 'true',
    'a number': '1e400000',
    'a text': '"text"',
    'an empty list': '[]',
    'a list': '[1,[2],{"a":3}]',
    'an empty object': '{}',
    'not JSON': 'NaN',
    'cut off': '{"userId":"a',
    'with something behind': '{"a":1}{"b":2}',
    'nested lists': '['.repeat(200_000),
    'nested objects': '{"a":'.repeat(100_000),
    'nested and closed': `${'[['.repeat(40_000)}1${']]'.repeat(40_000)}`,
    '100,000 keys': `{${manyKeys}}`,
    '100,000 items': `[${'0,'.repeat(99_999)}0]`,
    'a megabyte of text': JSON.stringify({ userId: 'x'.repeat(1024 * 1024 - 50) }),
    'more than a megabyte': JSON.stringify({ userId: 'x'.repeat(1024 * 1024 + 50) }),
    'broken UTF-8': Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xc3, 0x28, 0x22, 0x7d]),
    'overlong UTF-8': Buffer.from([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d]),
    'with a byte order mark': Buffer.from('\ufeff{"a":1}'),
    'UTF-16': Buffer.from('\ufeff{"a":1}', 'utf16le'),
    'binary zeros': Buffer.alloc(1000),
    polluting: '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    'a form': 'userId=a&__proto__[polluted]=true&a[b][c]=1&a[constructor][prototype][polluted]=true',
  };
}

/** Content types that the routes have no use for, and broken ones. */
export const wrongContentTypes: readonly (string | undefined)[] = [
  undefined,
  '',
  'text/html',
  'application/xml',
  'application/octet-stream',
  'application/json; charset=utf-16',
  'application/json;;;',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'multipart/form-data; boundary=',
  'multipart/form-data; boundary=x',
  'image/png',
  `text/${'x'.repeat(2000)}`,
  '*/*',
];

const valueMark = '@@value@@';
const memberMark = '@@member@@';

/** The document with each of its values, one after the other, replaced by each of the texts; and each of its objects given each member. */
export function* spoil(
  document: unknown,
  values: readonly string[] = hostileValues,
  members: readonly string[] = hostileMembers,
): Generator<{ what: string; text: string }> {
  for (const path of pathsOf(document)) {
    const text = JSON.stringify(replace(document, path, valueMark));
    for (const value of values)
      yield {
        what: `${value.slice(0, 40)} at /${path.join('/')}`,
        text: text.replace(JSON.stringify(valueMark), () => value),
      };
  }
  for (const path of pathsOf(document, true)) {
    const text = JSON.stringify(replace(document, [...path, memberMark], 0));
    for (const member of members)
      yield {
        what: `${member.slice(0, 40)} in /${path.join('/')}`,
        text: text.replace(`${JSON.stringify(memberMark)}:0`, () => member),
      };
  }
}

type Path = readonly (string | number)[];

/** The paths of all values but the whole; or of all objects, the whole included. */
function pathsOf(value: unknown, objectsOnly = false, path: Path = []): Path[] {
  const isObject = typeof value === 'object' && value !== null;
  const wanted = objectsOnly ? isObject && !Array.isArray(value) : path.length > 0;
  const paths: Path[] = wanted ? [path] : [];
  if (!isObject) return paths;
  for (const [key, member] of Object.entries(value))
    paths.push(...pathsOf(member, objectsOnly, [...path, Array.isArray(value) ? Number(key) : key]));
  return paths;
}

function replace(value: unknown, path: Path, by: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return by;
  if (Array.isArray(value)) return value.with(Number(step), replace(value[Number(step)], rest, by));
  const object = value as Record<string, unknown>;
  return { ...object, [step]: replace(object[step], rest, by) };
}
