import { refusalsOf } from './refusals.ts';
import { type Json, objectSchema, reference } from './schemas.ts';

/** The tag of the token service. */
export const tokenTag = { name: 'Tokens', description: 'Tokens that take the place of user name and password' };

/** An issued token as the token service answers it. */
export const tokenSchema: Json = objectSchema(
  {
    access_token: { type: 'string', description: 'Send it as Bearer, or in the cookie spectrum.authentication.token' },
    session: { type: 'string', description: 'Of a session token: send it in the cookie SESSION along with the token' },
    username: { type: 'string' },
  },
  ['access_token', 'username'],
);

/** The paths of the token service (rest-soap-conventions section 6). */
export function describeTokenPaths(): Json {
  const base = '/security/rest/token';
  return {
    [`${base}/access/session/{ttlInMinutes}`]: {
      get: describeIssue(
        'getSessionToken',
        'A token of a session, for the computer that asks; it ends when it is not used for half an hour',
      ),
    },
    [`${base}/access/{ttlInMinutes}`]: {
      get: describeIssue('getOpenToken', 'A token without a session, for use from any computer'),
    },
    [`${base}/logout`]: {
      get: {
        operationId: 'logout',
        tags: [tokenTag.name],
        summary: 'Ends the token that the request shows',
        security: [{ token: [] }, { token: [], session: [] }],
        responses: {
          200: { description: 'The token is over, on every node', content: jsonOf(objectSchema({})) },
          ...refusalsOf([401]),
        },
      },
    },
  };
}

function describeIssue(operationId: string, summary: string): Json {
  return {
    operationId,
    tags: [tokenTag.name],
    summary,
    parameters: [
      {
        name: 'ttlInMinutes',
        in: 'path',
        required: true,
        description: 'Minutes until the token ends; 0 for no end',
        schema: { type: 'integer', minimum: 0 },
        example: 30,
      },
    ],
    responses: {
      200: { description: 'The token', content: jsonOf(reference('Token')) },
      ...refusalsOf([400, 401]),
    },
  };
}

function jsonOf(schema: Json): Json {
  return { 'application/json': { schema } };
}
