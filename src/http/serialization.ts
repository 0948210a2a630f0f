import compilers from '@fastify/fast-json-stringify-compiler';

/**
 * Fastify's own writers of answers, each made when its first answer is sent: to make one takes about a millisecond, and there are those of
 * every status of every route, most of which a process never needs.
 */
export const buildSerializer: ReturnType<typeof compilers> = (sharedSchemas, options) => {
  const compile = compilers()(sharedSchemas, options);
  return (route) => {
    let write: ReturnType<typeof compile> | undefined;
    return (answer) => {
      write ??= compile(route);
      return write(answer);
    };
  };
};
