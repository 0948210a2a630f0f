import { RequestError } from '../../errors.ts';

/** What an operator can set. */
export const settableStatuses = ['enabled', 'suspended', 'disabled'] as const;
export type SettableStatus = (typeof settableStatuses)[number];

/**
 * What a workspace takes part in. `suspended`: nothing is taken in, what is there can be read. `disabled`: its keys open no dialect.
 * `deleting`: it has no keys any more, and soon no rows. The native API is open in all, since operators go by it.
 */
export type WorkspaceStatus = SettableStatus | 'deleting';

interface Stateful {
  readonly status: WorkspaceStatus;
}

/** @throws RequestError `forbidden` when its keys open nothing */
export function refuseDisabled({ status }: Stateful): void {
  if (status === 'disabled' || status === 'deleting') throw closed(status);
}

/** @throws RequestError `forbidden` when nothing is taken in */
export function refuseClosed({ status }: Stateful): void {
  if (status !== 'enabled') throw closed(status);
}

function closed(status: Exclude<WorkspaceStatus, 'enabled'>): RequestError {
  const why = {
    suspended: 'The workspace is suspended: nothing is taken in. Ask its operator to enable it.',
    disabled: 'The workspace is disabled. Ask its operator to enable it.',
    deleting: 'The workspace is being deleted.',
  };
  return new RequestError('forbidden', why[status]);
}
