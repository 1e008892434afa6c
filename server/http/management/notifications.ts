import { managementPaths } from '../../../contract/management.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import type { Route } from '../route.ts';
import { type Fields, ManagementDesk } from './desk.ts';
import { type RunsProps, refuse } from './runs.ts';

const mostRecipients = 10;

/** What there is of notifications besides the objects themselves. */
export function notificationsRoutes(props: RunsProps): readonly Route[] {
  const desk = new ManagementDesk(props);
  return [
    {
      method: 'POST',
      path: managementPaths.notificationTest,
      handler: desk.guarded({ entityType: 'Notification', permission: 'modify' }, async ({ request, reply }) => {
        const recipients = readRecipients(await desk.readObject(request));
        const service = props.jobs?.notifications;
        if (service === undefined) {
          const sentence =
            'This cluster sends no mail: its nodes have no folder for files of jobs (SPECTRUM_JOB_FILES), whose ends it tells of';
          throw new SpectrumError('INVALID_REQUEST', sentence);
        }
        desk.send(reply, { sentTo: await service.sendTest(recipients) });
      }),
    },
  ];
}

function readRecipients({ recipients, ...unknown }: Fields): readonly string[] {
  const [other] = Object.keys(unknown);
  if (other !== undefined) throw refuse(other, unknown[other], 'recipients');
  const isAddress = (one: unknown) => typeof one === 'string' && /^[^\s<>,;"()@]{1,64}@[^\s<>,;"()@]{1,255}$/.test(one);
  const isGood = Array.isArray(recipients) && recipients.length > 0 && recipients.length <= mostRecipients;
  if (isGood && recipients.every(isAddress)) return recipients as readonly string[];
  throw refuse('recipients', recipients, `a list of 1 to ${mostRecipients} addresses such as ann@example.com`);
}
