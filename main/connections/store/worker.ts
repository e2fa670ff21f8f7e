import { parentPort, workerData } from 'node:worker_threads';
import type { FromWorker, ToWorker, WorkerStart } from './messages.ts';
import { workerTables } from './worker-tables.ts';

// The thread of the tables: takes messages in their order, and does nothing that they do not ask for.
const { revision }: WorkerStart = workerData;
const tables = workerTables(revision, (message: FromWorker) => parentPort?.postMessage(message));
parentPort?.on('message', (message: ToWorker) => tables.take(message));
