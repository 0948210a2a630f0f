import { RequestError } from '../../errors.ts';

/** What an operator can set. */
export const settableStatuses = ['enabled', 'suspended', 'disabled'] as const;
export type SettableStatus = (typeof settableStatuses)[number];

/**
 * What a workspace takes part in. `suspended`: nothing is taken in, what is there can be read. `disabled`: its keys open no dialect.
 * The native API is open in these, since operators go by it. `importing`: its rows are still being read from a file, or the import was cut
 * short; `deleting`: it has no keys any more, and soon no rows.
 */
export type WorkspaceStatus = SettableStatus | 'importing' | 'deleting';

interface Stateful {
  readonly status: WorkspaceStatus;
}

/** Whether it is not whole: still coming, or on its way out. */
export function isPartial({ status }: Stateful): boolean {
  return status === 'importing' || status === 'deleting';
}

/** @throws RequestError `forbidden` when its keys open nothing */
export function refuseDisabled({ status }: Stateful): void {
  if (status !== 'enabled' && status !== 'suspended') throw closed(status);
}

/** @throws RequestError `forbidden` when nothing is taken in */
export function refuseClosed({ status }: Stateful): void {
  if (status !== 'enabled') throw closed(status);
}

function closed(status: Exclude<WorkspaceStatus, 'enabled'>): RequestError {
  const why = {
    suspended: 'The workspace is suspended: nothing is taken in. Ask its operator to enable it.',
    disabled: 'The workspace is disabled. Ask its operator to enable it.',
    importing: 'The workspace is being imported.',
    deleting: 'The workspace is being deleted.',
  };
  return new RequestError('forbidden', why[status]);
}
