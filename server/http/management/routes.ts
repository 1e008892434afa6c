import type { Route } from '../route.ts';
import { apiIndexRoutes } from './api-index.ts';
import { type AuditProps, auditLogRoutes } from './audit-log.ts';
import { dataflowRoutes } from './dataflows.ts';
import { historyRoutes } from './history.ts';
import { notificationsRoutes } from './notifications.ts';
import { objectRoutes } from './objects.ts';
import { managementOpenApiRoutes } from './openapi.ts';
import { processFlowsRoutes } from './process-flows.ts';
import { type RunsProps, runsRoutes } from './runs.ts';
import { schedulesRoutes } from './schedules.ts';
import { type ServicesProps, servicesRoutes } from './services.ts';
import { type StatusProps, statusRoutes } from './status.ts';
import { transferRoutes } from './transfer.ts';

export type ManagementProps = AuditProps & StatusProps & ServicesProps & RunsProps;

/** Every URL of the management API. */
export function managementRoutes(props: ManagementProps): readonly Route[] {
  return [
    ...apiIndexRoutes(),
    ...statusRoutes(props),
    ...objectRoutes(props),
    ...historyRoutes(props),
    ...auditLogRoutes(props),
    ...transferRoutes(props),
    ...servicesRoutes(props),
    ...runsRoutes(props),
    ...dataflowRoutes(props),
    ...schedulesRoutes(props),
    ...notificationsRoutes(props),
    ...processFlowsRoutes(props),
    ...managementOpenApiRoutes({ services: props.services, version: () => props.node().version }),
  ];
}
