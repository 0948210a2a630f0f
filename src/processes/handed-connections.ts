import type { Worker } from 'node:cluster';

/**
 * Sees to it that a process which ends takes the connection with it that it was handed and has not taken yet. Node.js forgets that one:
 * it stays open in this process, nobody reads from it, and its client waits. It hands the next one on when one was taken, so there is one at
 * most, and one that was taken is closed here already.
 */
export function closeWhatItLeaves({ process: child }: Worker): void {
  let handed: Closable | undefined;
  child.send = new Proxy(child.send, {
    apply(send, self, parameters: unknown[]) {
      const [, handle] = parameters;
      if (isClosable(handle)) handed = handle;
      return Reflect.apply(send, self, parameters);
    },
  });
  child.once('exit', () => handed?.close());
}

interface Closable {
  close(): void;
}

function isClosable(handle: unknown): handle is Closable {
  return (
    typeof handle === 'object' && handle !== null && 'close' in handle && typeof handle.close === 'function'
  );
}
