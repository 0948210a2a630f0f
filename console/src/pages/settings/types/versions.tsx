import { useQuery } from '@tanstack/react-query';
import { useWorkspaceName } from '../../../app/current-workspace.ts';
import { Loaded } from '../../../components/states.tsx';
import { Time } from '../../../components/time.tsx';
import { definitionOf } from './definition.ts';
import { differencesOf } from './draft.ts';
import { type EventType, versionsQuery } from './queries.ts';

/** What was changed, version by version. */
export function Versions({ type: { id } }: { readonly type: EventType }) {
  const versions = useQuery(versionsQuery(useWorkspaceName(), id));
  return (
    <section aria-labelledby="versions">
      <h3 id="versions">Versions</h3>
      <Loaded query={versions}>
        {(found) => (
          <ol className="versions">
            {found.map((one, index) => {
              const after = definitionOf(one);
              const former = found[index + 1];
              const isCut = former === undefined && one.version > 1;
              return (
                <li key={one.version}>
                  <strong>Version {one.version}</strong>{' '}
                  <span className="soft small">
                    since <Time at={one.createdAt} form="short" />
                  </span>
                  {after && !isCut ? (
                    <p className="small foreign">
                      {differencesOf(former && definitionOf(former), after).join(', ')}
                    </p>
                  ) : null}
                </li>
              );
            })}
          </ol>
        )}
      </Loaded>
    </section>
  );
}
