import { dueBefore, storedRetentionDays } from '../../../core/retention/retention-days.ts';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { definitionOf, type EventTypeDefinition } from '../definition/definition.ts';

/** What the policies of a workspace come to at one moment. Instants are milliseconds since the epoch; what is before them is due. */
export interface DueDates {
  /** Of Webmarketer's event types that have a policy, by number: their personal fields are anonymized. */
  readonly types: ReadonlyMap<number, number>;
  /** The project's own policy, for what has no type. */
  readonly project: number | undefined;
  /** A user's contacts with the brand hold it until then: the project's policy, else the longest of its types'. */
  readonly touchpoints: number;
}

/** Undefined when the workspace has no policy: it keeps everything for good. */
export function dueDatesOf(workspace: Workspace, now: number): DueDates | undefined {
  const { webmarketer } = workspace.settings.dialects;
  const ofProject = storedRetentionDays(webmarketer?.retentionDurationInDays);
  const types = new Map<number, number>();
  for (const type of workspace.eventTypes.ofDialect('webmarketer')) {
    const definition = definitionOf(type);
    const days = definition ? retentionDaysOf(definition, ofProject) : null;
    if (days !== null) types.set(type.id, dueBefore(days, now));
  }
  const project = ofProject === null ? undefined : dueBefore(ofProject, now);
  if (types.size === 0 && project === undefined) return undefined;
  const touchpoints = project ?? Math.min(now, ...types.values());
  return { types, project, touchpoints };
}

/**
 * After how many days an event of the type is due; null: never (docs/spec/webmarketer.md B12). A type that says nothing of it follows
 * the project.
 */
function retentionDaysOf(
  { expirationPolicy }: Pick<EventTypeDefinition, 'expirationPolicy'>,
  ofProject: number | null,
): number | null {
  return expirationPolicy?.from === 'event-type' ? expirationPolicy.retentionDurationInDays : ofProject;
}
