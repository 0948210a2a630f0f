import { RequestError } from '../errors.ts';

/** `path`: the part of the request and the member in it, as `querystring/since`. */
export function wrong(path: string, message: string): RequestError {
  return new RequestError('invalid-request', message, { path });
}

export function badNext(): RequestError {
  return wrong(
    'querystring/next',
    'querystring/next is none of this list: give `next` of the page before, or leave it out to begin anew.',
  );
}

/** @throws RequestError when the range has no beginning before its end, or is longer than may be asked for */
export function requireRange(
  since: number,
  until: number,
  most: { readonly milliseconds: number; readonly words: string },
): void {
  const path = 'querystring/since';
  if (since > until)
    throw wrong(path, `${path} is after until (the present if left out): give an earlier one.`);
  if (until - since > most.milliseconds)
    throw wrong(path, `${path} and until are too far apart: they may be ${most.words} apart; ask in parts.`);
}

/** `path`: what of the request names it. */
export function noSuch(path: string, message: string): RequestError {
  return new RequestError('not-found', message, { path });
}

/** `path`: what of the request names the person. */
export function noSuchPerson(path: string): RequestError {
  return noSuch(path, 'No person of this workspace has this id, nor a profile of one.');
}

/** Of what a workspace keeps under names of their own, `noun` by `noun`, at most `most` of them. */
export function refuseNamed(refusal: 'name-taken' | 'too-many', noun: string, most: number): RequestError {
  return refusal === 'name-taken'
    ? new RequestError('conflict', `The workspace has a ${noun} of this name already: give another.`, {
        path: 'body/name',
      })
    : new RequestError(
        'conflict',
        `The workspace has ${most} ${noun}s, as many as it may: delete one first.`,
      );
}
