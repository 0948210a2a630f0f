import { parseJson } from '../../../http/body.ts';
import { isNumberText } from '../../../json/read-json.ts';
import type { JsonSchema } from '../documents/json-schema.ts';
import type { FreeObject } from '../documents/wire.ts';

/** What a cell is read as. `json`: a list or a map, written as JSON. */
export type CellType = 'text' | 'number' | 'boolean' | 'json';

/** A column: the path of what its cells hold, and the type that the schema gives it. */
export interface Column {
  readonly path: readonly string[];
  readonly type: CellType;
}

const maximumColumns = 1000;
const maximumDepth = 10;
const longestName = 255;
/** A map that is made of a file's header must not be anybody's prototype. */
const forbiddenNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * What is wrong with the names of a file's columns, whatever they mean; undefined: nothing. No name is repeated: of a file without a
 * header they are somebody's data.
 */
export function findHeaderProblem(names: readonly string[]): string | undefined {
  const [only = ''] = names;
  if (names.length === 1 && only.includes(';'))
    return 'The columns are separated by semicolons; separate them by commas.';
  if (names.length === 1 && only.includes('\t'))
    return 'The columns are separated by tabs; separate them by commas.';
  if (names.length > maximumColumns) return `The file has more than ${maximumColumns} columns.`;
  const known = new Set<string>();
  for (const [index, name] of names.entries()) {
    if (name === '') return `Column ${index + 1} has no name.`;
    if (name.length > longestName)
      return `The name of column ${index + 1} is longer than ${longestName} characters.`;
    const path = name.split('.');
    if (path.length > maximumDepth || path.some((part) => part === '' || forbiddenNames.has(part)))
      return `Column ${index + 1} has a name that no property can have.`;
    if (known.has(name)) return `Column ${index + 1} has the name of a column before it.`;
    known.add(name);
  }
  for (const name of known) {
    const outer = name
      .split('.')
      .slice(0, -1)
      .map((_, end, parts) => parts.slice(0, end + 1).join('.'));
    const clash = outer.find((prefix) => known.has(prefix));
    if (clash !== undefined)
      return `Columns ${names.indexOf(clash) + 1} and ${names.indexOf(name) + 1} can not both be there: one is a part of the other.`;
  }
  return undefined;
}

/** What a property's cells are read as, by the schema of the body (references resolved); undefined where it has no such property. */
export function typeOf(schema: JsonSchema, path: readonly string[]): CellType | undefined {
  let current = schema;
  for (const name of path) {
    if (!typesOf(current).includes('object')) return undefined;
    const { properties = {}, additionalProperties }: JsonSchema = current;
    if (!Object.hasOwn(properties, name)) {
      // Whatever stands below is the client's own, and no schema says of which type.
      return additionalProperties === false ? undefined : 'text';
    }
    current = properties[name] ?? {};
  }
  return cellTypeOf(typesOf(current));
}

function typesOf({ type }: JsonSchema): readonly string[] {
  return typeof type === 'string' ? [type] : (type ?? []);
}

function cellTypeOf(types: readonly string[]): CellType {
  if (types.includes('string')) return 'text';
  if (types.includes('number') || types.includes('integer')) return 'number';
  if (types.includes('boolean')) return 'boolean';
  return types.includes('object') || types.includes('array') ? 'json' : 'text';
}

/** The body that a row stands for, to be written as JSON. */
export interface RowBody {
  readonly body: FreeObject;
  /** True: it is what reading its JSON makes of it; else some of its values (a number with all of its digits, say) only stand for theirs. */
  readonly isRead: boolean;
}

/**
 * An empty cell is not given. What is not of its column's type stays a text, so that it is refused as it would be on the wire.
 * @throws RequestError of a cell that is not JSON
 */
export function bodyOf(columns: readonly Column[], cells: readonly string[]): RowBody {
  const body: FreeObject = {};
  let isRead = true;
  for (let index = 0; index < columns.length; index++) {
    const [column, cell] = [columns[index], cells[index]];
    if (!column || !cell) continue;
    const value = readCell(cell, column.type);
    if (typeof value === 'object') isRead = false;
    put(body, column.path, value);
  }
  return { body, isRead };
}

function readCell(cell: string, type: CellType): unknown {
  switch (type) {
    case 'text':
      return cell;
    case 'number':
      return isNumberText(cell) ? numberOf(cell) : cell;
    case 'boolean':
      return cell === 'true' ? true : cell === 'false' ? false : cell;
    case 'json':
      return parseJson(cell);
  }
}

/** With the digits that the cell has. */
function numberOf(cell: string): unknown {
  const number = Number(cell);
  return String(number) === cell ? number : JSON.rawJSON(cell);
}

function put(body: FreeObject, path: readonly string[], value: unknown): void {
  let map: FreeObject = body;
  const end = path.length - 1;
  for (let depth = 0; depth < end; depth++) {
    const name = path[depth] ?? '';
    // Columns that are a part of one another are refused: what stands there is a map of ours.
    map[name] ??= {};
    map = map[name] as FreeObject;
  }
  map[path[end] ?? ''] = value;
}
