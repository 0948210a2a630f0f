import Type from 'typebox';
import { nullable, oneOf, Time } from '../schemas/common.ts';

export const SystemReply = Type.Object({
  database: oneOf(['up', 'down', 'read-only', 'full']),
  queue: Type.Object(
    {
      items: Type.Integer(),
      bytes: Type.Integer(),
      limitBytes: Type.Integer({ description: 'Above it, what comes in is answered with 503.' }),
    },
    { description: 'Of this process: what waits for its commit.' },
  ),
  disk: nullable(
    Type.Object(
      { freeBytes: Type.Integer(), totalBytes: Type.Integer() },
      { description: 'Of the data folder, where the embedded database lies too. Null: it can’t be told.' },
    ),
  ),
  jobs: nullable(
    Type.Object(
      { due: Type.Integer(), oldestDueAt: nullable(Time) },
      {
        description: 'Of all workspaces: those that wait for a process. Null: the database does not answer.',
      },
    ),
  ),
});
