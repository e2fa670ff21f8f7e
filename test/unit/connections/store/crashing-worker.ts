import { parentPort } from 'node:worker_threads';

/** A thread of the tables that dies of whatever it is asked. */
parentPort?.once('message', () => {
  throw new Error('out of luck');
});
