import { createServer } from 'node:http';
import express from 'express';
import mongoose from 'mongoose';

/** Express and Mongoose, and nothing else: the baseline of the API. */

const connection = await mongoose.createConnection(process.env.MONGODB_URI ?? '').asPromise();
const app = express();
app.get('/readyz', async (_request, response) => {
  await connection.db?.command({ ping: 1 });
  response.json({ status: 'ok' });
});
createServer(app).listen(Number(process.env.PORT), '127.0.0.1');
