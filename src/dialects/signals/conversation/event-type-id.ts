import { createHash } from 'node:crypto';

/** docs/spec/signals.md ruling 4: 24 hex digits, the same for the same app, type and value. */
export function eventTypeId(appId: string, type: string, value: string | null): string {
  return value === null ? shortHash('type', appId, type) : shortHash('type', appId, type, value);
}

/** 24 hex digits, the same for the same texts only. */
export function shortHash(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);
}
