import { DEVELOPMENT_USER_ID_KEY } from '../../dev/environment.js';
import { createUserIdOf } from '../../src/users/user-id.js';

export const userIdOf = createUserIdOf(DEVELOPMENT_USER_ID_KEY);
