import type { JobService, NotificationService, ProcessFlowService, ScheduleService } from './http/index.ts';
import type { NodeJobs, NodeJobsProps } from './node-jobs.ts';

/**
 * The jobs of a node, their program read when they are first needed or when the node already answers: stages, formats
 * and expressions are a good part of it, and a starting node must be ready without them.
 */
export function deferJobs(props: NodeJobsProps): NodeJobs {
  let loading: Promise<NodeJobs> | undefined;
  const load = () => {
    loading ??= import('./node-jobs.ts').then(({ createNodeJobs }) => createNodeJobs(props));
    return loading;
  };
  const schedules: ScheduleService = {
    fires: async (name, limit) => (await load()).schedules.fires(name, limit),
    runNow: async (name, by, key) => (await load()).schedules.runNow(name, by, key),
  };
  const processFlows: ProcessFlowService = {
    submit: async (request, by, key) => (await load()).processFlows.submit(request, by, key),
    list: async (limit) => (await load()).processFlows.list(limit),
    get: async (id) => (await load()).processFlows.get(id),
    cancel: async (id) => (await load()).processFlows.cancel(id),
    check: async (document) => (await load()).processFlows.check(document),
  };
  const notifications: NotificationService = {
    sendTest: async (recipients) => (await load()).notifications.sendTest(recipients),
  };
  const service: JobService = {
    submit: async (request, by, key) => (await load()).submit(request, by, key),
    list: async (limit) => (await load()).list(limit),
    get: async (id) => (await load()).get(id),
    report: async (id) => (await load()).report(id),
    command: async (id, command) => (await load()).command(id, command),
    stages: async () => (await load()).stages(),
    check: async (document) => (await load()).check(document),
  };
  let isLeaving = false;
  return {
    ...service,
    schedules,
    processFlows,
    notifications,
    async start() {
      const jobs = await load();
      if (!isLeaving) await jobs.start();
    },
    async leave() {
      isLeaving = true;
      await (await loading)?.leave();
    },
  };
}
