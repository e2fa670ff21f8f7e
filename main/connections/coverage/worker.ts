import { parentPort } from 'node:worker_threads';
import { comparisonDesk } from './desk.ts';
import type { Question } from './messages.ts';

// The thread of one comparison: takes questions in their order, and does nothing that they do not ask for.
const desk = comparisonDesk();
parentPort?.on('message', (question: Question) => parentPort?.postMessage(desk(question)));
