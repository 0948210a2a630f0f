import { isStorableText, storableText } from '../../../core/event/storable.ts';
import { lastInstant } from '../../../core/value/instant.ts';
import { normalizePhone } from '../../../core/value/normal-form.ts';
import { isRecord, stripMarks } from '../../../core/value/text.ts';
import { RequestError } from '../../../errors.ts';
import { metaIdPattern } from '../advertising/advertising.ts';
import { textOf } from '../conversation/read-content.ts';
import { notFound } from '../errors.ts';

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
  readonly sender: Sender;
  /** When it was sent; milliseconds since the epoch. */
  readonly sentAt: number;
  readonly profileName: string | null;
  /** True: the name held what can't be stored, and U+FFFD stands in its place. */
  readonly isNameMended: boolean;
  /** The message as it came. */
  readonly content: JsonObject;
}

/** By what WhatsApp tells who wrote: by the number, by a user id, or both. */
export interface Sender {
  /** Digits without `+`; null for users with a username whose number the business may not see. */
  readonly phone: string | null;
  /** The business-scoped user id; null where it is not told. */
  readonly userId: string | null;
  /** The user's id as the contact has it, mostly the number; null where there is none. */
  readonly waId: string | null;
}

/** What the Cloud API sends at once is far below; more would be somebody else's doing. */
const maximumMessages = 1000;
const maximumIdLength = 512;
const maximumNameLength = 1000;

const phonePattern = /^\d{5,20}$/;
/**
 * A country's two letters, a period, at most 128 letters and digits; `ENT.` before them for one that several portfolios share
 * (Meta, "Business-scoped user IDs"; 360dialog, "Usernames & BSUID").
 */
const userIdPattern = /^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}$/;
const secondsPattern = /^\d{1,12}$/;

/**
 * The messages of a delivery (docs/spec/signals.md A5): in the Cloud API's envelope, or as the on-premises API sends them, without.
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

/** Of the sender alone: a delivery may tell of several, and not of each. */
function contactOf(message: JsonObject, contacts: readonly JsonObject[]): JsonObject | undefined {
  const ids = [message.from, message.from_user_id].flatMap(comparableId);
  return contacts.find(({ wa_id: waId, user_id: userId }) =>
    [waId, userId].flatMap(comparableId).some((id) => ids.includes(id)),
  );
}

/** Meta: a user's number and `wa_id` are not always written alike. */
function comparableId(id: unknown): string[] {
  if (typeof id !== 'string' || id === '') return [];
  return [phonePattern.test(id) ? (normalizePhone(`+${id}`, []) ?? id) : id];
}

/** One message, checked. Ids are texts and stay so: they can be larger than 2^53. */
export function parseMessage({ message, contact }: DeliveredMessage): ParsedMessage | BadMessage {
  if (!isRecord(message)) return { rule: 'invalid-field', path: '' };
  const { id, timestamp } = message;
  if (id === undefined || id === null || id === '') return { rule: 'missing-field', path: '/id' };
  if (typeof id !== 'string' || id.length > maximumIdLength) return { rule: 'invalid-field', path: '/id' };
  const sender = parseSender(message, isRecord(contact) ? contact : {});
  if ('rule' in sender) return sender;
  const sentAt = parseSeconds(timestamp);
  if (sentAt === undefined) return { rule: 'invalid-field', path: '/timestamp' };
  const profile = isRecord(contact) && isRecord(contact.profile) ? contact.profile : {};
  const name = textOf(profile.name, maximumNameLength);
  const mended = name === null ? null : storableText(stripMarks(name));
  return {
    id,
    sender,
    sentAt,
    profileName: mended === '' ? null : mended,
    isNameMended: name !== null && !isStorableText(name),
    content: message,
  };
}

/**
 * Users with a username have no `from`, or their user id in its place; beside it, or alone, is `from_user_id`. The contact has the
 * same, and may have what the message has not.
 */
function parseSender(message: JsonObject, contact: JsonObject): Sender | BadMessage {
  const { from, from_user_id: fromUserId } = message;
  for (const [name, value] of Object.entries({ from, from_user_id: fromUserId })) {
    if (isAbsent(value) || phoneOf(value) !== null || userIdOf(value) !== null) continue;
    return { rule: 'invalid-field', path: `/${name}` };
  }
  const told = [from, fromUserId, contact.wa_id, contact.user_id];
  const phone = told.map(phoneOf).find((found) => found !== null) ?? null;
  const userId = told.map(userIdOf).find((found) => found !== null) ?? null;
  if (phone === null && userId === null) return { rule: 'missing-field', path: '/from' };
  return { phone, userId, waId: phoneOf(contact.wa_id) ?? phone };
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function phoneOf(value: unknown): string | null {
  return typeof value === 'string' && phonePattern.test(value) ? value : null;
}

function userIdOf(value: unknown): string | null {
  return typeof value === 'string' && userIdPattern.test(value) ? value : null;
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

/** An id of Meta's in the path: text, since it can be larger than 2^53. @throws RequestError `not-found` for what no such id looks like */
export function parseMetaId(id: string): string {
  if (!metaIdPattern.test(id))
    throw notFound('object of Meta with the id', id, 'ids of Meta are digits alone, without act_');
  return id;
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
