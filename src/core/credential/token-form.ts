import { randomBytes } from 'node:crypto';

/**
 * A new token in the form of a JWT, for clients that look into theirs. It has no authority by its form: like every key it is known
 * to the server by its hash, so its third segment is a secret and no signature.
 *
 * Some clients decode the payload as plain base64 (docs/spec/webmarketer.md section 0, rule 2), so it must hold neither `-` nor `_`.
 * Only bytes that end in six bits of 62 or 63 make them, which of ASCII are `>`, `?`, `~` and delete; these are escaped.
 */
export function formAccessToken(claims: Readonly<Record<string, string | number>>): string {
  const payload = JSON.stringify(claims).replaceAll(/[>?~\u007f-\uffff]/g, escapeCharacter);
  const header = JSON.stringify({ alg: 'none', typ: 'JWT' });
  return [Buffer.from(header), Buffer.from(payload), randomBytes(24)]
    .map((segment) => segment.toString('base64url'))
    .join('.');
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
