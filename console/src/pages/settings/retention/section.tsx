import { useWorkspace } from '../../../app/current-workspace.ts';
import { OpenJobs } from '../open-jobs.tsx';
import { SectionHead } from '../section-head.tsx';
import { DaysPolicy } from './days-policy.tsx';
import { HubPolicy } from './hub-policy.tsx';
import { Run } from './run.tsx';

const kinds = ['retention'];

export function RetentionSection() {
  const { id } = useWorkspace();
  return (
    <>
      <SectionHead title="Retention">
        For how long something is kept. Nothing is anonymized or deleted unless a policy here says so; where
        one does, the server looks once a day for what is due.
      </SectionHead>
      <OpenJobs kinds={kinds} />
      <Run key={`run ${id}`} />
      <DaysPolicy
        key={`webmarketer ${id}`}
        dialect="webmarketer"
        setting="retentionDurationInDays"
        title="Personal fields of Webmarketer’s events are anonymized"
      >
        So many days after the event’s date. A type of event can have a policy of its own, in its settings.
        Users are due when all of their events are. Sums and counts stay.
      </DaysPolicy>
      <DaysPolicy
        key={`octeth ${id}`}
        dialect="octeth"
        setting="eventRetentionDays"
        title="Octeth’s website events are deleted"
      >
        So many days after they happened. Figures are counted down with them.
      </DaysPolicy>
      <HubPolicy key={`contacthub ${id}`} />
    </>
  );
}
