import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useWorkspaceName } from '../../../app/current-workspace.ts';
import { CheckField } from '../../../components/check-field.tsx';
import { Select, TextField } from '../../../components/field.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { OtherProblem, problemAt } from '../problems.tsx';
import { changeNode, makeNode, type Node, policies, type Rule, ruleOf } from './queries.ts';

const policyTitles: Readonly<Record<Rule['uniquenessPolicy'], string>> = {
  MERGE: 'Write to the one there is',
  BLOCK: 'Refuse (409)',
  NO_CHECK: 'Make another',
};

const fields = ['body/name', 'body/uniqueCustomer', 'body/mandatoryProperties'];

const first: Rule = {
  name: '',
  uniquenessPolicy: 'MERGE',
  uniqueCustomer: { properties: ['base.contacts.email'], caseSensitive: false },
  mandatoryProperties: [],
};

interface NodeDialogProps {
  /** Undefined: one is made. */
  readonly node?: Node;
  readonly onClose: () => void;
}

/** By what the customers of a node of Contacthub's are found again. */
export function NodeDialog({ node, onClose }: NodeDialogProps) {
  const workspace = useWorkspaceName();
  const queryClient = useQueryClient();
  const before = node ? ruleOf(node) : first;
  const [rule, setRule] = useState(before);
  const [unique, setUnique] = useState(before.uniqueCustomer.properties.join(', '));
  const [mandatory, setMandatory] = useState(before.mandatoryProperties.join(', '));
  const wanted: Rule = {
    ...rule,
    uniqueCustomer: { ...rule.uniqueCustomer, properties: pathsOf(unique) },
    mandatoryProperties: pathsOf(mandatory),
  };
  const save = useMutation({
    mutationFn: () => (node ? changeNode(workspace, node.id, wanted) : makeNode(workspace, wanted)),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['nodes', workspace] });
      await queryClient.invalidateQueries({ queryKey: ['jobs', workspace] });
      onClose();
    },
  });
  return (
    <FormDialog
      title={node ? `Change ${node.name}` : 'Make a node of Contacthub’s'}
      deed={node ? 'Save' : 'Make it'}
      busy={save.isPending}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <TextField
        label="Name"
        value={rule.name}
        maxLength={200}
        autoComplete="off"
        onChange={({ target }) => setRule({ ...rule, name: target.value })}
        problem={problemAt(save.error, 'body/name')}
      />
      <Select
        label="A customer who is created again"
        value={rule.uniquenessPolicy}
        options={policies.map((value) => ({ value, title: policyTitles[value] }))}
        onPick={(value) => {
          const uniquenessPolicy = policies.find((one) => one === value);
          if (uniquenessPolicy) setRule({ ...rule, uniquenessPolicy });
        }}
      />
      <TextField
        label="Found again by"
        value={unique}
        autoComplete="off"
        spellCheck={false}
        hint="Paths with commas between them, such as base.contacts.email or externalId: customers who have all of them alike are one."
        onChange={({ target }) => setUnique(target.value)}
        problem={problemAt(save.error, 'body/uniqueCustomer')}
      />
      <CheckField
        label="Capital letters make another"
        checked={rule.uniqueCustomer.caseSensitive}
        onPick={(caseSensitive) =>
          setRule({ ...rule, uniqueCustomer: { ...rule.uniqueCustomer, caseSensitive } })
        }
      />
      <TextField
        label="Has to be there"
        value={mandatory}
        autoComplete="off"
        spellCheck={false}
        hint="Paths that a customer is refused without; empty: none."
        onChange={({ target }) => setMandatory(target.value)}
        problem={problemAt(save.error, 'body/mandatoryProperties')}
      />
      {node && isAnotherRule(wanted, before) ? <AnotherRule /> : null}
      <OtherProblem error={save.error} shown={fields} />
    </FormDialog>
  );
}

function AnotherRule() {
  return (
    <p className="settings-note small">
      Another rule: the keys of the node’s customers are made anew, by a job. Until it is over, writes to the
      node are answered 423. No two customers become one by it.
    </p>
  );
}

function pathsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((path) => path !== '');
}

/** Whether keys are made by other parts of it. */
function isAnotherRule(wanted: Rule, before: Rule): boolean {
  const keysOf = ({ uniquenessPolicy, uniqueCustomer }: Rule) =>
    JSON.stringify({ uniquenessPolicy, uniqueCustomer });
  return keysOf(wanted) !== keysOf(before);
}
