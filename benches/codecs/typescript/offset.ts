/** The usual decoder by hand: one buffer that grows, offsets into it, whole frames read with Buffer's methods. */

export interface Record {
  length: number;
  session: bigint;
  opcode: number;
  payload: Uint8Array;
}

const HEADER = 13;
const MAX_FRAME = 16 * 1024 * 1024;

export class OffsetDecoder {
  private buffer = Buffer.allocUnsafe(65536);
  private start = 0;
  private end = 0;

  push(chunk: Uint8Array): void {
    if (this.end + chunk.length > this.buffer.length) {
      const size = this.end - this.start + chunk.length;
      const room = size > this.buffer.length ? Buffer.allocUnsafe(Math.max(size, 2 * this.buffer.length)) : this.buffer;
      this.buffer.copy(room, 0, this.start, this.end);
      this.buffer = room;
      this.end -= this.start;
      this.start = 0;
    }
    this.buffer.set(chunk, this.end);
    this.end += chunk.length;
  }

  /** The payload is good until the next push. */
  next(): Record | undefined {
    const { buffer, start, end } = this;
    if (end - start < HEADER) {
      return undefined;
    }
    const length = buffer.readUInt32BE(start);
    if (length > MAX_FRAME - HEADER) {
      throw new Error("too large");
    }
    if (end - start < HEADER + length) {
      return undefined;
    }
    this.start = start + HEADER + length;
    if (this.start === end) {
      this.start = 0;
      this.end = 0;
    }
    return {
      length,
      session: buffer.readBigUInt64BE(start + 4),
      opcode: buffer.readUInt8(start + 12),
      payload: buffer.subarray(start + HEADER, start + HEADER + length),
    };
  }
}

/** The same, whose payloads are copies, so that frames stay good. */
export class OwnedDecoder extends OffsetDecoder {
  override next(): Record | undefined {
    const record = super.next();
    if (record !== undefined) {
      record.payload = Buffer.from(record.payload);
    }
    return record;
  }
}

/** The form of most tutorials: what is left is joined with every chunk. Quadratic where frames come in many pieces. */
export class ConcatDecoder {
  private buffer = Buffer.alloc(0);

  push(chunk: Uint8Array): void {
    this.buffer = Buffer.concat([this.buffer, chunk]);
  }

  next(): Record | undefined {
    const { buffer } = this;
    if (buffer.length < HEADER) {
      return undefined;
    }
    const length = buffer.readUInt32BE(0);
    if (length > MAX_FRAME - HEADER) {
      throw new Error("too large");
    }
    if (buffer.length < HEADER + length) {
      return undefined;
    }
    this.buffer = buffer.subarray(HEADER + length);
    return {
      length,
      session: buffer.readBigUInt64BE(4),
      opcode: buffer.readUInt8(12),
      payload: buffer.subarray(HEADER, HEADER + length),
    };
  }
}
