import type { IncomingMessage } from 'node:http';

const methods = new Set(['GET', 'PUT', 'PATCH', 'DELETE']);

/** Gives a POST the method that its `X-HTTP-Method-Override` names, before it is routed, on the paths that take such. */
export function overrideMethod(request: IncomingMessage, takes: (path: string) => boolean | undefined): void {
  const asked = request.headers['x-http-method-override'];
  if (typeof asked !== 'string' || !methods.has(asked.toUpperCase())) return;
  const [path = ''] = (request.url ?? '').split('?', 1);
  if (takes(path)) request.method = asked.toUpperCase();
}
