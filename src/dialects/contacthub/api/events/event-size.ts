import { isRecord } from '../../../../core/value/text.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import { isEventTypeName } from '../../documents/enums.ts';
import { payloadLimit } from '../../documents/payload-limit.ts';
import { eventRulesOf } from '../../rules/event-rules.ts';

/** The bytes that a body was sent with, inflated. */
export function sizeOf({ rawBody }: { readonly rawBody: string }): number {
  return Buffer.byteLength(rawBody);
}

/** The type that a body claims to be of, before it is looked at whether it is an event. */
export function claimedTypeOf(body: unknown): unknown {
  return isRecord(body) ? body.type : undefined;
}

/** Holds an event to what the workspace allows its type, and to the usual where it has none. @throws RequestError `body-too-large` */
export function requireSize(bytes: number, workspace: Workspace, type: unknown): void {
  const maximum = isEventTypeName(type) ? eventRulesOf(workspace, type).maximumBytes : payloadLimit;
  if (bytes <= maximum) return;
  throw new RequestError(
    'body-too-large',
    `The event is larger than the ${maximum} bytes that its type may have.`,
  );
}
