import * as z from 'zod/mini';

// Zod compiles its checks with `new Function` where it may. Our policy forbids that, and even the probe would be
// reported as a violation: it must be told before the first schema is built.
z.config({ jitless: true });
