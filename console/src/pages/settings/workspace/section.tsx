import { useWorkspace } from '../../../app/current-workspace.ts';
import { CopyButton } from '../../../components/copy.tsx';
import { Time } from '../../../components/time.tsx';
import { OpenJobs } from '../open-jobs.tsx';
import { SectionHead } from '../section-head.tsx';
import { WorkspaceForm } from './form.tsx';
import { WorkspaceState } from './state.tsx';

/** What a change here sets going. */
const kinds = ['rebuild', 'count-amounts', 'count-conversion'];

export function WorkspaceSection() {
  const workspace = useWorkspace();
  const { id, slug, createdAt } = workspace;
  return (
    <>
      <SectionHead title="Workspace">
        Its name, by which clock its days are counted, in which currency its sums are, and by what people are
        known to be one.
      </SectionHead>
      <OpenJobs kinds={kinds} />
      <section className="card" aria-label="Settings of the workspace">
        <WorkspaceForm key={id} workspace={workspace} />
      </section>
      <section className="card" aria-labelledby="facts">
        <div className="card-head">
          <h3 id="facts">What stays</h3>
        </div>
        <dl className="facts">
          <dt>Slug</dt>
          <dd className="pair">
            <code>{slug}</code>
            <CopyButton text={slug} what="the slug" />
          </dd>
          <dt>Id</dt>
          <dd className="pair">
            <code>{id}</code>
            <CopyButton text={id} what="the id" />
          </dd>
          <dt>Made</dt>
          <dd>
            <Time at={createdAt} />
          </dd>
        </dl>
      </section>
      <WorkspaceState />
    </>
  );
}
