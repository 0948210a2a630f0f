import assert from 'node:assert/strict';
import type { Reply } from './vendor-client.ts';

/** The cookie that signing in to the console has set, as a browser sends it back. */
export function sessionCookie(reply: Reply): string {
  const [cookie] = [reply.headers['set-cookie']].flat();
  assert.ok(cookie, 'a cookie is set');
  return cookie.split(';')[0] ?? '';
}
