import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RequestError } from '../../../errors.ts';
import { parseJson } from '../../../http/body.ts';
import { decodeText, encodingOf } from '../../../http/charset.ts';
import { readFormFields, readMultipart, readQuery } from '../../../http/form.ts';

/** Of a field's name: `a[b]` has two. The vendor's own names have three at most. */
const maximumLevels = 10;
/** Space before the brace of a JSON text; one with more of it is read as a form. */
const sniffedBytes = 1024;
const arrayIndex = /^(?:0|[1-9]\d{0,8})$/;

interface Typed {
  readonly headers: { readonly 'content-type'?: string | undefined };
}

/** The legacy transport's bodies: form-encoded and multipart, without files (docs/spec/octeth.md 0). The body limit holds for both. */
export function registerForms(app: FastifyInstance): void {
  app.addContentTypeParser<Buffer>(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer' },
    async (request: Typed, bytes: Buffer) => readForm(bytes, request.headers['content-type']),
  );
  app.addContentTypeParser<Buffer>(
    'multipart/form-data',
    { parseAs: 'buffer' },
    async (request: Typed, bytes: Buffer) =>
      nestFields(await readMultipart(bytes, request.headers['content-type'] ?? '')),
  );
}

/** PHP's curl and others call JSON a form unless they are told its type; the vendor reads the raw body. */
function readForm(bytes: Buffer, contentType: string | undefined): unknown {
  if (/^\s*\{/.test(bytes.toString('latin1', 0, sniffedBytes)))
    return parseJson(decodeText(bytes, encodingOf(contentType)));
  return nestFields(readFormFields(bytes, contentType));
}

/** The parameters of a query, nested as a form's are. */
export function queryOf(request: FastifyRequest): Record<string, unknown> {
  return nestFields(readQuery(request));
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
  if (name.split('[', maximumLevels + 1).length > maximumLevels)
    throw new RequestError('malformed-body', `A field's name has more than ${maximumLevels} levels.`);
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name);
  if (!match) return [name];
  // Parameters' names are one in any case; two spellings of one are parts of one map.
  const path = [
    match[1]!.toLowerCase(),
    ...[...match[2]!.matchAll(/\[([^[\]]*)\]/g)].map((part) => part[1]!),
  ];
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
