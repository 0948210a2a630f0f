import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import { readJson } from '../json/read-json.ts';

export const formatName = 'throughline-workspace';
/** Of the form of a file. A file of a later one is refused; what an earlier one lacks is made up for where it is read. */
export const formatVersion = 1;

/** Why a file is not written or not taken, in one sentence without its end. */
export class TransferError extends Error {
  override readonly name = 'TransferError';
}

/** The first line. */
const Header = Type.Object({
  record: Type.Literal('header'),
  format: Type.Literal(formatName),
  version: Type.Integer(),
  product: Type.String(),
  workspace: Type.Object({ id: Type.String(), slug: Type.String() }),
  exportedAt: Type.String(),
  seq: Type.Integer(),
});
export type Header = Static<typeof Header>;

/** The last line. `sha256` is of all bytes before it, as 64 hexadecimal digits. */
const Trailer = Type.Object({
  record: Type.Literal('end'),
  counts: Type.Record(Type.String(), Type.Integer()),
  sha256: Type.String(),
});
export type Trailer = Static<typeof Trailer>;

/** How many lines there are, by their records. */
export type LineCounts = Readonly<Record<string, number>>;

/** @throws TransferError */
export function parseHeader(line: string): Header {
  const header = parseAs(Header, line);
  if (!header) throw new TransferError('it does not begin as an export of a workspace does');
  if (header.version > formatVersion)
    throw new TransferError(
      `it is of version ${header.version} of the format, and this version of Throughline (which reads up to ${formatVersion}) is older than the one that wrote it (${header.product}): install that one or a later one`,
    );
  return header;
}

export function parseTrailer(line: string): Trailer | undefined {
  return parseAs(Trailer, line);
}

function parseAs<Schema extends Type.TSchema>(schema: Schema, line: string): Static<Schema> | undefined {
  try {
    const value = readJson(line);
    return Value.Check(schema, value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const recordPattern = /^\{"record":"([A-Za-z]{1,64})"/;

/** Which record a line is; each begins with that member. */
export function recordOf(line: string): string | undefined {
  return recordPattern.exec(line)?.[1];
}
