import {
  type Activity,
  type ProcessFlowDocument,
  type ProcessFlowProblem,
  processFlowSchema,
  type Transition,
} from '../../contract/process-flows.ts';
import { findClosestName } from '../foundation/closest-name.ts';
import { SpectrumError } from '../foundation/errors.ts';
import { checkValue } from '../foundation/schema.ts';

interface Checked {
  readonly document?: ProcessFlowDocument;
  readonly problems: readonly ProcessFlowProblem[];
}

/** The document completed with its defaults, or everything wrong with it. */
export function checkProcessFlow(given: unknown): Checked {
  const { value, issues } = checkValue(processFlowSchema, given, undefined, '');
  if (issues.length > 0)
    return { problems: issues.map(({ path, problem }) => ({ sentence: `${path} ${problem}`.trim() })) };
  const document = value as ProcessFlowDocument;
  const { activities, transitions } = document;
  const problems = [
    ...(activities.length === 0 ? [{ sentence: 'the process flow has no activity; add one' }] : []),
    ...findDoubled(activities),
    ...activities.flatMap(checkActivity),
    ...activities.flatMap((activity) => checkVariables(activity, document)),
    ...transitions.flatMap((transition) => checkTransition(transition, document)),
    ...findSecondOtherwise(transitions),
  ];
  const circle = problems.length > 0 ? undefined : findCircle(document);
  if (circle !== undefined) {
    return {
      problems: [
        {
          activity: circle[0] ?? '',
          sentence: `leads back to itself by ${circle.join(', ')}; take one transition out`,
        },
      ],
    };
  }
  return problems.length > 0 ? { problems } : { document, problems };
}

/** The document, for what was checked already. Throws `INVALID_REQUEST` with the first problem. */
export function parseProcessFlow(name: string, given: unknown): ProcessFlowDocument {
  const { document, problems } = checkProcessFlow(given);
  if (document !== undefined) return document;
  const sentences = problems.map(({ activity, sentence }) =>
    activity ? `activity ${activity}: ${sentence}` : sentence,
  );
  throw new SpectrumError('INVALID_REQUEST', `process flow ${name}: ${sentences.join('; ')}`, { processFlow: name });
}

const parts = ['dataflow', 'program', 'folder', 'connection', 'sql', 'cache'] as const;
type Part = (typeof parts)[number];
const partsOf: Readonly<
  Record<Activity['type'], { readonly needs: readonly Part[]; readonly takes: readonly Part[] }>
> = {
  job: { needs: ['dataflow'], takes: [] },
  'run-program': { needs: ['program'], takes: ['folder'] },
  'execute-sql': { needs: ['connection', 'sql'], takes: [] },
  'clear-cache': { needs: ['cache'], takes: [] },
  success: { needs: [], takes: [] },
};

/** Variables by which loaders, shells and interpreters run other code than that of the program that is allowed. */
const makesRun =
  /^(?:(?:LD_|DYLD_|GLIBC_|GCONV_|BASH|NODE_|PYTHON|PERL|RUBY|GEM_|JAVA_|JDK_|DOTNET_|GIT_|OPENSSL_)\w*|_JAVA_OPTIONS|CLASSPATH|EDITOR|ENV|HOME|IFS|LOCPATH|NLSPATH|PAGER|PATH|PS4|SHELL|SHELLOPTS|VISUAL)$/;

function checkActivity(activity: Activity): ProcessFlowProblem[] {
  const { id, type } = activity;
  const { needs, takes } = partsOf[type];
  const missing = needs.filter((part) => activity[part] === undefined);
  const others = parts.filter((part) => activity[part] !== undefined && ![...needs, ...takes].includes(part));
  return [
    ...missing.map((part) => ({ activity: id, sentence: `${part} is missing; an activity ${type} needs it` })),
    ...others.map((part) => ({ activity: id, sentence: `${part} is not for an activity ${type}; take it out` })),
    ...Object.keys(activity.environment)
      .filter((name) => !/^[A-Za-z_]\w*$/.test(name) || makesRun.test(name))
      .map((name) => ({
        activity: id,
        sentence: `environment: ${name} may not be set; use a name of the program's own`,
      })),
  ];
}

function checkVariables(activity: Activity, { variables }: ProcessFlowDocument): ProcessFlowProblem[] {
  const { options, files, arguments: words, sql = '' } = activity;
  const texts = [...Object.values(options), ...Object.values(files), ...words, sql];
  const used = texts.flatMap((text) => [...text.matchAll(variablePattern)].map(([, name]) => String(name)));
  const unknown = [...new Set(used)].filter((name) => !Object.hasOwn(variables, name));
  return unknown.map((name) => ({
    activity: activity.id,
    sentence: `the variable ${name} is not there; use ${Object.keys(variables).join(', ') || 'none, or define it'}`,
  }));
}

function checkTransition(transition: Transition, { activities }: ProcessFlowDocument): ProcessFlowProblem[] {
  const { from, to, when, outcomes, returnCodes } = transition;
  const ids = activities.map(({ id }) => id);
  const unknown = [from, to].filter((id) => !ids.includes(id));
  const named = outcomes.length + returnCodes.length;
  return [
    ...unknown.map((id) => {
      const closest = findClosestName(id, ids);
      return {
        sentence: `a transition names the activity ${id}, which is not there${closest ? `; did you mean ${closest}?` : ''}`,
      };
    }),
    ...(when === 'conditional' && named === 0
      ? [{ activity: from, sentence: `the transition to ${to} has no condition; name outcomes or returnCodes` }]
      : []),
    ...(when !== 'conditional' && named > 0
      ? [{ activity: from, sentence: `the transition to ${to} has a condition; make it conditional` }]
      : []),
  ];
}

function findDoubled(activities: readonly Activity[]): ProcessFlowProblem[] {
  const ids = activities.map(({ id }) => id);
  const doubled = new Set(ids.filter((id, index) => ids.indexOf(id) !== index));
  return [...doubled].map((id) => ({
    activity: id,
    sentence: 'another activity has this name; give it one of its own',
  }));
}

function findSecondOtherwise(transitions: readonly Transition[]): ProcessFlowProblem[] {
  const from = transitions.filter(({ when }) => when === 'otherwise').map((transition) => transition.from);
  const doubled = new Set(from.filter((id, index) => from.indexOf(id) !== index));
  return [...doubled].map((activity) => ({ activity, sentence: 'two transitions are otherwise; make it one' }));
}

/** The activities on a way that leads back to its beginning. */
function findCircle({ activities, transitions }: ProcessFlowDocument): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (id: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(id)) return path.slice(path.indexOf(id));
    if (done.has(id)) return undefined;
    for (const { to } of transitions.filter(({ from }) => from === id)) {
      const circle = visit(to, [...path, id]);
      if (circle) return circle;
    }
    done.add(id);
    return undefined;
  };
  for (const { id } of activities) {
    const circle = visit(id, []);
    if (circle) return circle;
  }
  return undefined;
}

const variablePattern = /\$\{([A-Za-z]\w*)\}/g;

/** The text with the values of its variables. */
export function fillVariables(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(variablePattern, (whole, name: string) => variables[name] ?? whole);
}

/** A statement whose variables are parameters: no value ever becomes a part of the SQL. */
export function placeVariables(
  sql: string,
  variables: Readonly<Record<string, string>>,
): { readonly texts: readonly string[]; readonly values: readonly string[] } {
  // Splitting by a group gives texts and names in turn.
  const split = sql.split(variablePattern);
  const values = split.filter((_, index) => index % 2 === 1).map((name) => variables[name] ?? '');
  return { texts: split.filter((_, index) => index % 2 === 0), values };
}
