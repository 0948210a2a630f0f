import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RequestError } from '../../errors.ts';
import { parseJson } from '../../http/body.ts';

/** As deep as JSON bodies may go (http/body.ts). */
const maximumNesting = 64;
const arrayIndex = /^(?:0|[1-9]\d{0,8})$/;

/** The legacy transport's bodies: form-encoded and multipart, without files (spec/octeth.md 0). The body limit holds for both. */
export function registerForms(app: FastifyInstance): void {
  app.addContentTypeParser<Buffer>(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer' },
    async (_request: unknown, bytes: Buffer) => readForm(textOf(bytes)),
  );
  app.addContentTypeParser<Buffer>(
    'multipart/form-data',
    { parseAs: 'buffer' },
    async (request: { headers: { 'content-type'?: string | undefined } }, bytes: Buffer) =>
      nestFields(await readMultipart(bytes, request.headers['content-type'] ?? '')),
  );
}

/** PHP's curl and others call JSON a form unless they are told its type; the vendor reads the raw body. */
function readForm(text: string): unknown {
  return /^\s*\{/.test(text) ? parseJson(text) : nestFields(new URLSearchParams(text));
}

function textOf(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new RequestError('malformed-body', 'The body is not valid UTF-8.');
  return bytes.toString();
}

async function readMultipart(bytes: Buffer, contentType: string): Promise<[string, string][]> {
  try {
    const form = await new Response(new Uint8Array(bytes), {
      headers: { 'content-type': contentType },
    }).formData();
    return [...form].filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  } catch {
    throw new RequestError('malformed-body', 'The body is not valid multipart form data.');
  }
}

/** The parameters of a query, nested as a form's are. */
export function queryOf({ url }: FastifyRequest): Record<string, unknown> {
  const start = url.indexOf('?');
  return start < 0 ? {} : nestFields(new URLSearchParams(url.slice(start + 1)));
}

/**
 * Form fields as PHP reads them: `Properties[conversion-id]=7` is `{Properties: {'conversion-id': '7'}}`, `tags[]=a` a list. The
 * last of several fields with one name counts.
 */
function nestFields(entries: Iterable<[string, string]>): Record<string, unknown> {
  const root = new Branch();
  for (const [name, value] of entries) root.set(pathOf(name), value);
  return root.toObject();
}

function pathOf(name: string): string[] {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name);
  if (!match) return [name];
  // Parameters' names are one in any case; two spellings of one are parts of one map.
  const path = [
    match[1]!.toLowerCase(),
    ...[...match[2]!.matchAll(/\[([^[\]]*)\]/g)].map((part) => part[1]!),
  ];
  if (path.length > maximumNesting)
    throw new RequestError('malformed-body', 'The body is nested too deeply.');
  // As in JSON bodies: replaying would refuse it.
  if (path.includes('__proto__')) throw new RequestError('malformed-body', 'A field has a forbidden name.');
  return path;
}

class Branch {
  readonly #members = new Map<string, string | Branch>();
  #next = 0;

  set(path: readonly string[], value: string): void {
    let branch: Branch = this;
    for (const step of path.slice(0, -1)) branch = branch.#branch(step);
    branch.#members.set(branch.#nameOf(path.at(-1)!), value);
  }

  toObject(): Record<string, unknown> {
    const object: Record<string, unknown> = Object.create(null);
    for (const [name, member] of this.#members)
      object[name] = member instanceof Branch ? member.#toValue() : member;
    return object;
  }

  #branch(step: string): Branch {
    const name = this.#nameOf(step);
    const known = this.#members.get(name);
    if (known instanceof Branch) return known;
    const branch = new Branch();
    this.#members.set(name, branch);
    return branch;
  }

  /** `[]` is the number behind the highest that there is. */
  #nameOf(step: string): string {
    if (step === '') return String(this.#next++);
    if (arrayIndex.test(step)) this.#next = Math.max(this.#next, Number(step) + 1);
    return step;
  }

  /** A list where all names are its numbers in order, as json_encode makes one. */
  #toValue(): unknown {
    const names = [...this.#members.keys()];
    const object = this.toObject();
    return names.every((name, index) => name === String(index)) ? Object.values(object) : object;
  }
}
