import { notFound, resource } from '../answers.js';
import type { Operation } from '../impact-api.js';
import { processDue } from '../submissions/process-submissions.js';
import { actionObject } from './action-object.js';

/** `GET /Advertisers/{AccountSID}/Actions/{ActionId}`: getActionById in the v14 Actions OpenAPI. */
export const getAction: Operation = (request, { accountSid, state }) => {
  processDue(state);
  const action = state.actions.find(request.id);
  return action ? resource('Action', actionObject(action, accountSid, state)) : notFound();
};
