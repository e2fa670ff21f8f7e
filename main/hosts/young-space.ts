import { setFlagsFromString } from 'node:v8';

// Imported for its effect and before all else, because V8's young space never shrinks again while there is work.
// What comes over SSH lies beside the heap, held by small objects in it. A young space that grows lets so much of it pile up
// that V8 marks the whole heap each 40 MB: nine times for a million connections, and twice where it stays as it is.
setFlagsFromString('--semi-space-growth-factor=1');
