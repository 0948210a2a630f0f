import type { Source } from '../../../../core/source/source.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { readListSettings } from '../../settings.ts';

export function listsOf(workspace: Workspace): Source[] {
  return [...workspace.sources.values()].filter(
    (source) => source.dialect === 'octeth' && source.kind === 'list',
  );
}

export function descriptionOf(list: Source): string {
  return readListSettings(list.settings).description ?? '';
}
