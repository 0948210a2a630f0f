import { unknownMembers } from '../../../core/accounting/unknown-members.ts';
import { isStorableText } from '../../../core/event/storable.ts';
import { isRecord } from '../../../core/value/text.ts';
import { RequestError } from '../../../errors.ts';
import { maximumFields } from '../../../http/form.ts';
import { isNumber } from '../../../json/exact-number.ts';

/** Never kept with an event, whatever became of it. */
const secretNames = new Set(['apikey', 'sessionid', 'adminapikey', 'password']);
/** What every call may have beside its command's own parameters. */
const callNames = new Set([...secretNames, 'command', 'responseformat']);

/**
 * A call's parameters. Their names are found in any case (docs/spec/octeth.md 0); what is inside of them keeps its own (C11).
 */
export class Fields {
  readonly #byName = new Map<string, { name: string; value: unknown }>();

  /** Of several sources with the same parameter the last counts. What is not an object has no parameters. */
  constructor(...sources: unknown[]) {
    for (const source of sources) {
      if (!isObject(source)) continue;
      for (const name of Object.keys(source))
        this.#byName.set(name.toLowerCase(), { name, value: source[name] });
    }
  }

  /** `name` in lower case. */
  get(name: string): unknown {
    return this.#byName.get(name)?.value;
  }

  /** The parameter as text, trimmed; undefined when it is absent, blank, or neither text nor number. */
  text(name: string): string | undefined {
    const value = this.get(name);
    if (typeof value !== 'string' && !isNumber(value)) return undefined;
    return String(value).trim() || undefined;
  }

  /** The names, as they were sent, of parameters that are neither of these (in lower case) nor every call's. */
  unknownNames(known: ReadonlySet<string>): readonly string[] {
    const sent: Record<string, true> = Object.create(null);
    for (const [lowerName, { name }] of this.#byName)
      if (!known.has(lowerName) && !callNames.has(lowerName)) sent[name] = true;
    return unknownMembers(sent, noNames);
  }

  /** JSON text of all parameters but keys, sessions and passwords. */
  toJsonWithoutSecrets(): string {
    const kept: Record<string, unknown> = Object.create(null);
    for (const [lowerName, { name, value }] of this.#byName)
      if (!secretNames.has(lowerName)) kept[name] = value;
    return JSON.stringify(kept);
  }
}

const noNames: ReadonlySet<string> = new Set();

/** The parameters of a body. None is one without parameters. @throws RequestError `malformed-body` */
export function bodyFields(body: unknown): Record<string, unknown> {
  if (body === undefined || body === null) return {};
  if (!isObject(body)) throw new RequestError('malformed-body', 'The body is not a JSON object.');
  // JSON has as many parameters as a form: each is walked before it is known who asks.
  if (Object.keys(body).length > maximumFields)
    throw new RequestError('malformed-body', `The body has more than ${maximumFields} parameters.`);
  return body;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return isRecord(value);
}

/** PHP clients' ways of saying yes: form bodies have only texts (docs/spec/octeth.md C13). */
export function isTrue(value: unknown): boolean {
  return value === true || value === 1 || (typeof value === 'string' && /^(true|1)$/i.test(value));
}

/** Likewise of saying no. */
export function isFalse(value: unknown): boolean {
  return value === false || value === 0 || (typeof value === 'string' && /^(?:false|0)$/i.test(value));
}

/** Whether a parameter switches something on; the vendor documents `true`, `1`, `yes` and `on`. `name` in lower case. */
export function isYes(fields: Fields, name: string): boolean {
  const value = fields.get(name);
  return isTrue(value) || (typeof value === 'string' && /^(?:yes|on)$/i.test(value.trim()));
}

/**
 * A parameter that is kept as text; undefined when there is none. `name` in lower case.
 * @throws RequestError when it is too long or can't be kept; the vendor has no code of its own for that
 */
export function readText(fields: Fields, name: string, maximumLength: number): string | undefined {
  const text = fields.text(name);
  if (text === undefined || (text.length <= maximumLength && isStorableText(text))) return text;
  const message = `${name} has to be a text of at most ${maximumLength} characters.`;
  throw new RequestError('invalid-request', message, { path: name });
}

/** A list's number, as a number or as text; undefined for anything else. */
export function parseListId(value: unknown): string | undefined {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
  return /^\d{1,15}$/.test(text) ? String(Number(text)) : undefined;
}
