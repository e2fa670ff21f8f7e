/** One command's part of one stream of the poll shell. */
export interface Answer {
  readonly sequence: number;
  readonly bytes: Buffer;
  /** The exit status; NaN on stderr, which carries none. */
  readonly status: number;
}

/** Cuts one stream of the poll shell at the markers of `poll-protocol.ts`. */
export class AnswerReader {
  readonly #marker: Buffer;
  #held: Buffer = Buffer.alloc(0);

  constructor(nonce: string) {
    this.#marker = Buffer.from(`\n${nonce} `);
  }

  /** What came since the last marker. */
  get held(): Buffer {
    return this.#held;
  }

  /** The answers that this chunk completed, in order. */
  push(chunk: Uint8Array): Answer[] {
    let from = Math.max(0, this.#held.length - this.#marker.length - longestTail);
    this.#held = Buffer.concat([this.#held, chunk]);
    const answers: Answer[] = [];
    for (;;) {
      const start = this.#held.indexOf(this.#marker, from);
      const end = start < 0 ? -1 : this.#held.indexOf('\n', start + this.#marker.length);
      if (end < 0) return answers;
      const [sequence, status] = this.#held.toString('latin1', start + this.#marker.length, end).split(' ');
      answers.push({
        sequence: Number(sequence),
        bytes: this.#held.subarray(0, start),
        status: Number(status),
      });
      this.#held = this.#held.subarray(end + 1);
      from = 0;
    }
  }
}

/** Of a marker whose end is still to come: a sequence number and a status. */
const longestTail = 24;
