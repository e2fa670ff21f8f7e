const newline = 10;

/** Bytes that came, of which whole lines may be taken. */
export interface WholeLines {
  /** False: there is no room for it, and all that waited is let go of, up to the end of the line that is coming. */
  readonly add: (chunk: Uint8Array) => boolean;
  readonly size: () => number;
  /** All lines that are whole; the beginning of the next one stays. */
  readonly take: () => Uint8Array;
}

/** Keeps no more than `most` bytes. */
export function wholeLines(most: number): WholeLines {
  let chunks: Uint8Array[] = [];
  let size = 0;
  /** The rest of a line whose beginning was let go of. */
  let isTorn = false;
  const clear = () => {
    chunks = [];
    size = 0;
  };
  const keep = (bytes: Uint8Array) => {
    if (bytes.length === 0) return;
    chunks.push(bytes);
    size += bytes.length;
  };
  return {
    add: (chunk) => {
      const fits = size + chunk.length <= most;
      if (!fits) clear();
      const end = !fits ? chunk.lastIndexOf(newline) : isTorn ? chunk.indexOf(newline) : -1;
      isTorn = (isTorn || !fits) && end === -1;
      // a chunk may be a part of a buffer that is used again
      if (!isTorn) keep(chunk.slice(end + 1));
      return fits;
    },
    size: () => size,
    take: () => {
      const all = new Uint8Array(size);
      let at = 0;
      for (const chunk of chunks) {
        all.set(chunk, at);
        at += chunk.length;
      }
      const end = all.lastIndexOf(newline) + 1;
      clear();
      keep(all.slice(end));
      return all.subarray(0, end);
    },
  };
}
