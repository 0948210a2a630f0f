import { linkOptions } from '@tanstack/react-router';

/** Where an event type and its fields are set: `<Link {...eventTypeSettings(workspace, id, field)}>`. `field`: a storage key, which is marked. */
export function eventTypeSettings(workspace: string, type: string, field?: string) {
  return linkOptions({
    to: '/$workspace/settings/types',
    params: { workspace },
    search: { type, ...(field === undefined ? {} : { field }) },
  });
}
