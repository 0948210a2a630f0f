import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type Dialect, dialectsQuery } from '../../../api/dialects.ts';
import { useWorkspace, useWorkspaceName } from '../../../app/current-workspace.ts';
import { CopyButton } from '../../../components/copy.tsx';
import { DialectTag } from '../../../components/dialect-tag.tsx';
import { FirstEvent } from '../../../components/first-event.tsx';
import { countOf } from '../../../components/number.ts';
import { Loaded } from '../../../components/states.tsx';
import { useIsAdministrator } from '../administrator.ts';
import { SectionHead } from '../section-head.tsx';
import { GiveName, givesNames } from './give-name.tsx';
import { Names } from './names.tsx';

export function ApisSection() {
  const dialects = useQuery(dialectsQuery(useWorkspaceName()));
  return (
    <>
      <SectionHead title="APIs">
        How a client of each vendor moves over: it sends to the address here instead of its vendor’s, with the
        names that this workspace has there and a key of this workspace. Paths, bodies and answers are the
        vendor’s own.
      </SectionHead>
      <Loaded query={dialects}>
        {(found) => (
          <>
            {found.map((dialect) => (
              <Api key={dialect.name} dialect={dialect} />
            ))}
          </>
        )}
      </Loaded>
    </>
  );
}

function Api({ dialect }: { readonly dialect: Dialect }) {
  const { name, title, addresses, stored } = dialect;
  const isAdministrator = useIsAdministrator();
  const { slug, bindings } = useWorkspace();
  const own = bindings.filter((binding) => binding.dialect === name);
  return (
    <section className="card stack" aria-label={title}>
      <div className="card-head">
        <h3>
          <DialectTag name={name} />
        </h3>
        <Link to="/$workspace/live" params={{ workspace: slug }} search={{ api: name }} className="small">
          {countOf(stored, 'event')} came in by it
        </Link>
      </div>
      {addresses.length > 0 ? (
        <div>
          <h4 className="small soft">Addresses</h4>
          <dl className="pairs">
            {addresses.map(({ vendor, here }) => (
              <div key={vendor} className="move">
                <dt>
                  <span className="only-read">Instead of </span>
                  <code>{vendor}</code>
                </dt>
                <dd className="pair">
                  <span aria-hidden="true">→</span>
                  <code>{here}</code>
                  <CopyButton text={here} what={`the address in place of ${vendor}`} />
                </dd>
              </div>
            ))}
          </dl>
        </div>
      ) : null}
      <Names dialect={dialect} names={own} />
      {isAdministrator && givesNames(dialect) ? <GiveName dialect={dialect} names={own} /> : null}
      <FirstEvent dialect={dialect} />
    </section>
  );
}
