import type { Readable } from 'node:stream';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import type { FastifyInstance } from 'fastify';
import { RequestError } from '../errors.ts';
import { allowSteadyBody } from './slow-senders.ts';

/** Parts beside the file, and bytes of each. */
const maximumFields = 20;
const maximumFieldBytes = 1024;

/** For a scope whose operations take files: a multipart body reaches them as the stream that it is, for as long as it comes in. */
export function leaveFormsUnread(scope: FastifyInstance): void {
  scope.addContentTypeParser('multipart/form-data', (request, payload, done) => {
    allowSteadyBody(request);
    done(null, payload);
  });
}

/** The connection ended before the form did. */
export class CutShortError extends RequestError {
  constructor() {
    super('malformed-body', 'The body ended before the form did.');
  }
}

/**
 * Reads a multipart form (RFC 7578) as it comes in. `takeFile` is given the one file, in the part of that name; the form goes on as
 * fast as it reads. Answers all fields, the last of each name, and what `takeFile` answered:
 * undefined when there was no file. @throws RequestError `malformed-body`, or what `takeFile` throws
 */
export async function readUploadForm<Taken>(
  body: Readable,
  contentType: string,
  partName: string,
  takeFile: (file: Readable, fileName: string) => Promise<Taken>,
): Promise<{ fields: ReadonlyMap<string, string>; taken: Taken | undefined }> {
  const fields = new Map<string, string>();
  const form = openForm(contentType);
  const { promise: read, resolve, reject } = Promise.withResolvers<void>();
  let taking: { readonly file: Readable; readonly done: Promise<Taken> } | undefined;
  form.on('field', (name, value, nameTruncated, valueTruncated) => {
    if (nameTruncated || valueTruncated)
      reject(malformed(`A field of the form is longer than ${maximumFieldBytes} bytes.`));
    fields.set(name, value);
  });
  form.on('file', (name, file, fileName) => {
    // A file that nobody reads any more has nobody to tell either.
    file.on('error', reject);
    if (name !== partName || taking) {
      file.resume();
      reject(malformed(`The form has one file, in the part ${partName}.`));
      return;
    }
    const done = takeFile(file, fileName ?? '');
    taking = { file, done };
    done.catch(reject);
  });
  form.on('fieldsLimit', () => reject(malformed(`The form has more than ${maximumFields} fields.`)));
  form.on('partsLimit', () => reject(malformed('The form has too many parts.')));
  form.on('filesLimit', () => reject(malformed(`The form has one file, in the part ${partName}.`)));
  form.on('error', () => reject(malformed('The body is not valid multipart form data.')));
  form.once('finish', resolve);
  body.once('error', (error) => reject(error instanceof RequestError ? error : new CutShortError()));
  body.once('close', () => {
    if (!body.readableEnded) reject(new CutShortError());
  });
  body.pipe(form);
  try {
    await read;
    return { fields, taken: await taking?.done };
  } catch (error) {
    body.unpipe(form);
    // What is still on its way is let pass, so that the client hears the answer.
    body.resume();
    taking?.file.destroy(error instanceof Error ? error : undefined);
    await taking?.done.catch(() => undefined);
    throw error;
  }
}

function openForm(contentType: string): BusboyInstance {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      limits: {
        files: 1,
        fields: maximumFields,
        fieldSize: maximumFieldBytes,
        parts: maximumFields + 2,
        headerPairs: 20,
      },
    });
  } catch {
    throw malformed('The content type is not multipart/form-data with a boundary.');
  }
}

function malformed(message: string): RequestError {
  return new RequestError('malformed-body', message);
}
