import type { FastifyReply } from 'fastify';
import type { Static } from 'typebox';
import type { Outcome } from '../../../ingest/outcome.ts';
import type { IngestQuery } from './schemas.ts';

/** docs/spec/webengage.md A: the only success there is. It promises storage, so it is sent after the commit. */
const queued = { response: { status: 'queued' as const } };

/** The same with `format=xml`; the vendor's own form is not documented. */
const queuedXml = '<?xml version="1.0" encoding="UTF-8"?>\n<response><status>queued</status></response>';
const xmlContentType = 'application/xml; charset=utf-8';

/** The answer of every endpoint to who asks for no other form. */
export function presentPlainly(): object {
  return queued;
}

/** The answer of every endpoint, in the form that the query asks for. */
export function presentQueued(
  _outcomes: readonly Outcome[],
  { query, reply }: { readonly query: Static<typeof IngestQuery>; readonly reply: FastifyReply },
) {
  if (query.format !== 'xml') return queued;
  return reply
    .type(xmlContentType)
    .serializer((text: string) => text)
    .send(queuedXml);
}
