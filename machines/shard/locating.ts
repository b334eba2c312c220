/** Where to connect to: the URL of the session, or the Gateway's, which may have to be asked for ("Connecting"). */
import { again, explained, request, to, when } from './rows.js';
import { arm, disarm, shardSetup, waitFor } from './vocabulary.js';

export const choosing = shardSetup.createStateConfig({
  meta: { spec: 'gateway#connecting' },
  description: 'Left at once: to the URL of the session, else to the main one, which may have to be asked for.',
  always: [
    explained(
      'Before the URL is chosen: the new session must not be asked for at the resume URL.',
      when('cannotResume', again('choosing', 'resumesSpent', 'forgetSession')),
    ),
    when('hasResumeUrl', to('connection', 'resumeUrlKnown')),
    when('knowsGateway', to('connection', 'gatewayKnown')),
    to('locating', 'gatewayUnknown'),
  ],
});

export const locating = shardSetup.createStateConfig({
  meta: { spec: 'gateway#get-gateway-bot' },
  description: 'Looks up the Gateway URL.',
  tags: ['degraded'],
  entry: ['numberRequest', { type: 'locateGateway', params: request }, arm('locate')],
  exit: [{ type: 'cancelLocate', params: request }, disarm('locate')],
  on: {
    located: to('connection', 'located', 'takeGatewayUrl'),
    locateFailed: [
      explained(
        'A bad token stays bad: stop.',
        when('isUnauthorized', to('#shard.failed', 'unauthorized', 'forgetSession')),
      ),
      to('waiting', 'locateFailed', 'waitAsTold'),
    ],
    'timer.locate': to('waiting', 'locateTimedOut', waitFor('retry')),
  },
});
