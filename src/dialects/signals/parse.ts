import { textOf } from '../../core/conversation/read-content.ts';
import { isRecord } from '../../core/field-type/text.ts';
import { RequestError } from '../../errors.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** One message of a delivery, not looked at yet, with what the delivery says of its sender. */
export interface DeliveredMessage {
  readonly message: unknown;
  readonly contact: unknown;
}

/** What is wrong with one message; path: JSON pointer into the message alone. */
export interface BadMessage {
  readonly rule: 'missing-field' | 'invalid-field';
  readonly path: string;
}

export interface ParsedMessage {
  readonly id: string;
  /** The lead's number, digits without `+`. */
  readonly phone: string;
  /** When it was sent; milliseconds since the epoch. */
  readonly sentAt: number;
  readonly profileName: string | null;
  readonly waId: string;
  /** The message as it came. */
  readonly content: JsonObject;
}

/** What the Cloud API sends at once is far below; more would be somebody else's doing. */
const maximumMessages = 1000;
const maximumIdLength = 512;
const maximumNameLength = 1000;

const phonePattern = /^\d{5,20}$/;
const secondsPattern = /^\d{1,12}$/;
const lastInstant = Date.parse('9999-12-31T23:59:59Z');

/**
 * The messages of a delivery (spec/signals.md A5): in the Cloud API's envelope, or as the on-premises API sends them, without.
 * Statuses and other news give none. A part of the envelope that can't be read costs the messages of the others nothing: beside
 * them it stands for a bad message.
 * @throws RequestError `invalid-request` when it is neither
 */
export function parseDelivery(body: unknown): DeliveredMessage[] {
  const delivered = isRecord(body) && 'object' in body ? parseEnvelope(body) : parseBare(body);
  if (delivered.length > maximumMessages) {
    throw invalid(
      'body',
      `ensure this delivery has at most ${maximumMessages} messages`,
      'value_error.list.max_items',
    );
  }
  return delivered;
}

function parseEnvelope(body: JsonObject): DeliveredMessage[] {
  if (body.object !== 'whatsapp_business_account') {
    throw invalid('body/object', 'value is not whatsapp_business_account', 'value_error.const');
  }
  const delivered: DeliveredMessage[] = [];
  const unreadable: { readonly malformedPart: unknown; readonly error: RequestError }[] = [];
  const read = (part: unknown, work: () => void) => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      unreadable.push({ malformedPart: part, error });
    }
  };
  for (const [entryIndex, entry] of listOf(body.entry, 'body/entry').entries()) {
    const entryPath = `body/entry/${entryIndex}`;
    read(entry, () => {
      const { changes } = objectOf(entry, entryPath);
      for (const [index, change] of listOf(changes, `${entryPath}/changes`).entries()) {
        read(change, () => delivered.push(...messagesOfChange(change, `${entryPath}/changes/${index}`)));
      }
    });
  }
  const [first] = unreadable;
  if (first && delivered.length === 0) throw first.error;
  const bad = unreadable.map(({ malformedPart }) => ({ message: { malformedPart }, contact: undefined }));
  return [...delivered, ...bad];
}

function messagesOfChange(change: unknown, path: string): DeliveredMessage[] {
  const { field, value } = objectOf(change, path);
  return field === 'messages' ? messagesOf(objectOf(value, `${path}/value`), `${path}/value`) : [];
}

function parseBare(body: unknown): DeliveredMessage[] {
  const value = objectOf(body, 'body');
  if (!['messages', 'statuses', 'errors'].some((name) => Array.isArray(value[name]))) {
    throw invalid('body/object', 'field required', 'value_error.missing');
  }
  return messagesOf(value, 'body');
}

function messagesOf(value: JsonObject, path: string): DeliveredMessage[] {
  if (value.messages === undefined || value.messages === null) return [];
  const contacts = Array.isArray(value.contacts) ? value.contacts.filter(isRecord) : [];
  return listOf(value.messages, `${path}/messages`).map((message) => ({
    message,
    contact: isRecord(message) ? contactOf(message, contacts) : undefined,
  }));
}

function contactOf(message: JsonObject, contacts: readonly JsonObject[]): JsonObject | undefined {
  return (
    contacts.find((contact) => contact.wa_id === message.from) ??
    (contacts.length === 1 ? contacts[0] : undefined)
  );
}

/** One message, checked. Ids are texts and stay so: they can be larger than 2^53. */
export function parseMessage({ message, contact }: DeliveredMessage): ParsedMessage | BadMessage {
  if (!isRecord(message)) return { rule: 'invalid-field', path: '' };
  const { id, from, timestamp } = message;
  if (id === undefined || id === null || id === '') return { rule: 'missing-field', path: '/id' };
  if (typeof id !== 'string' || id.length > maximumIdLength) return { rule: 'invalid-field', path: '/id' };
  if (from === undefined || from === null || from === '') return { rule: 'missing-field', path: '/from' };
  if (typeof from !== 'string' || !phonePattern.test(from)) return { rule: 'invalid-field', path: '/from' };
  const sentAt = parseSeconds(timestamp);
  if (sentAt === undefined) return { rule: 'invalid-field', path: '/timestamp' };
  const profile = isRecord(contact) && isRecord(contact.profile) ? contact.profile : {};
  const waId = isRecord(contact) ? textOf(contact.wa_id, maximumNameLength) : null;
  return {
    id,
    phone: from,
    sentAt,
    profileName: textOf(profile.name, maximumNameLength),
    waId: waId ?? from,
    content: message,
  };
}

/** A message's own id, for messages that are otherwise bad, too; undefined when it has none. */
export function messageIdOf({ message }: DeliveredMessage): string | undefined {
  const id = isRecord(message) ? message.id : undefined;
  return typeof id === 'string' && id !== '' && id.length <= maximumIdLength ? id : undefined;
}

/** Unix seconds, as text (the Cloud API) or as a number; as milliseconds since the epoch. */
function parseSeconds(value: unknown): number | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !secondsPattern.test(text)) return undefined;
  const milliseconds = Number(text) * 1000;
  return milliseconds <= lastInstant ? milliseconds : undefined;
}

/** @throws RequestError `invalid-request` with every fault of `POST /api/v2/token` */
export function parseSignIn(body: unknown): { username: string; password: string } {
  const { username, password } = objectOf(body, 'body');
  const items = Object.entries({ username, password }).flatMap(([name, value]) => {
    if (value === undefined || value === null) return [missing(`body/${name}`)];
    return typeof value === 'string' ? [] : [fault(`body/${name}`, 'str type expected', 'type_error.str')];
  });
  if (items.length > 0) throw new RequestError('invalid-request', undefined, { items });
  return { username: username as string, password: password as string };
}

function objectOf(value: unknown, path: string): JsonObject {
  if (value === undefined || value === null)
    throw new RequestError('invalid-request', undefined, { items: [missing(path)] });
  if (!isRecord(value)) throw invalid(path, 'value is not a valid dict', 'type_error.dict');
  return value;
}

function listOf(value: unknown, path: string): readonly unknown[] {
  if (value === undefined || value === null)
    throw new RequestError('invalid-request', undefined, { items: [missing(path)] });
  if (!Array.isArray(value)) throw invalid(path, 'value is not a valid list', 'type_error.list');
  return value;
}

function invalid(path: string, message: string, type: string): RequestError {
  return new RequestError('invalid-request', undefined, { items: [fault(path, message, type)] });
}

function missing(path: string) {
  return fault(path, 'field required', 'value_error.missing');
}

function fault(path: string, message: string, data: string) {
  return { path, message, data };
}
