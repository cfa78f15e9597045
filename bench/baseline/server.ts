import { once } from 'node:events';
import express, { type RequestHandler } from 'express';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import mongoose from 'mongoose';

/**
 * What people would write without this service: a route of Express that stores the user with Mongoose, and one that reads
 * the user. Each once as it is, and once behind a check of the session token.
 *
 *   PORT=… MONGODB_URI=… AUTH_ISSUER=… node --import tsx bench/baseline/server.ts
 */

const { PORT, MONGODB_URI = '', AUTH_ISSUER = '' } = process.env;
// The product's own, so that both wait for the same journal.
await mongoose.connect(MONGODB_URI, {
  dbName: 'baseline',
  writeConcern: { w: 'majority', journal: true },
});
const User = mongoose.model(
  'User',
  new mongoose.Schema({
    clerkId: { type: String, required: true, unique: true },
    clickId: String,
    createdAt: Date,
  }),
);
await User.init();

const keys = createRemoteJWKSet(new URL(`${AUTH_ISSUER}/.well-known/jwks.json`));
const authenticate: RequestHandler = async (request, response, next) => {
  const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
  const { payload } = await jwtVerify(token, keys, { issuer: AUTH_ISSUER, algorithms: ['RS256'] });
  response.locals.clerkId = payload.sub;
  next();
};
const trust: RequestHandler = (request, response, next) => {
  response.locals.clerkId = request.headers.authorization;
  next();
};
const signUp: RequestHandler = async (request, response) => {
  const { clerkId } = response.locals;
  const user = { clickId: request.get('x-affiliate-click-id'), createdAt: new Date() };
  const options = { upsert: true, returnDocument: 'after' } as const;
  response.json(await User.findOneAndUpdate({ clerkId }, { $setOnInsert: user }, options).lean());
};
const read: RequestHandler = async (_request, response) => {
  response.json(await User.findOne({ clerkId: response.locals.clerkId }).lean());
};

const app = express();
app.get('/readyz', (_request, response) => {
  response.end();
});
app.get('/signup', trust, signUp);
app.get('/checked/signup', authenticate, signUp);
app.get('/user', trust, read);
app.get('/checked/user', authenticate, read);
await once(app.listen(Number(PORT), '127.0.0.1'), 'listening');
