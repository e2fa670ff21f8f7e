/** Makes the compiler prove that a union is handled whole; throws if data broke the types at run time. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
