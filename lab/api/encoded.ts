/** An answer that is JSON already, envelope included. */
export class Encoded {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
}

/**
 * Makes answers of rows that are JSON texts; the bytes of the last answer come back while every row is the same,
 * so that a list of a thousand rows costs little more than sending it.
 */
export function createRowEncoder(): (rows: string[]) => Encoded {
  let last: { rows: string[]; encoded: Encoded } | undefined;
  return (rows) => {
    if (last?.rows.length === rows.length && last.rows.every((row, index) => row === rows[index])) {
      return last.encoded;
    }
    const encoded = new Encoded(Buffer.from(`{"data":[${rows.join(",")}]}`));
    last = { rows, encoded };
    return encoded;
  };
}
