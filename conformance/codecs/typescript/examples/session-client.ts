/** Sends N frames through a session and checks every answer: HOST PORT SESSION N. */

import { once } from "node:events";
import { connect, type Socket } from "node:net";

import { Opcode, Serializer, encode, frames, type Frame, type FrameInit } from "../generated/session-record.js";

const [host = "127.0.0.1", port = "0", session = "1", count = "1"] = process.argv.slice(2);

function frame(opcode: Opcode, serializer: Serializer, body: Uint8Array): FrameInit {
  return { version: 1, serializer, opcode, session: BigInt(session), body };
}

function data(k: number): FrameInit {
  switch (k % 3) {
    case 0: {
      const size = (k * 7919) % 70001;
      return frame(Opcode.Data, Serializer.Raw, Uint8Array.from({ length: size }, (_, i) => (k + i) % 251));
    }
    case 1:
      return frame(Opcode.Data, Serializer.Json, new TextEncoder().encode(`{"k":${k}}`));
    default:
      return frame(Opcode.Data, Serializer.Msgpack, Uint8Array.of(0xcd, (k >> 8) & 0xff, k & 0xff));
  }
}

/** All frames in pieces of odd sizes. */
function* pieces(): Generator<Uint8Array> {
  const sizes = [1, 2, 3, 5, 1460, 65536];
  let turn = 0;
  for (const each of sent()) {
    const bytes = encode(each);
    for (let at = 0; at < bytes.length; ) {
      const size = sizes[turn++ % sizes.length] ?? 1;
      yield bytes.subarray(at, at + size);
      at += size;
    }
  }
}

function* sent(): Generator<FrameInit> {
  yield frame(Opcode.Open, Serializer.Raw, new Uint8Array(0));
  for (let k = 0; k < Number(count); k++) {
    yield data(k);
  }
  yield frame(Opcode.Close, Serializer.Raw, new Uint8Array(0));
}

function check(wanted: FrameInit, got: Frame): void {
  const same =
    wanted.version === got.version &&
    wanted.serializer === got.serializer &&
    wanted.opcode === got.opcode &&
    wanted.session === got.session &&
    wanted.body.length === got.body.length &&
    wanted.body.every((byte, at) => byte === got.body[at]);
  if (!same) {
    throw new Error(`another answer than was wanted: opcode ${got.opcode}, ${got.body.length} bytes`);
  }
}

async function write(socket: Socket): Promise<void> {
  for (const piece of pieces()) {
    if (!socket.write(piece)) {
      await once(socket, "drain");
    }
  }
}

async function read(socket: Socket): Promise<void> {
  const wanted = sent();
  for await (const got of frames(socket)) {
    const next = wanted.next();
    if (next.done) {
      throw new Error("more answers than were wanted");
    }
    check(next.value, got);
  }
  if (!wanted.next().done) {
    throw new Error("the stream ended early");
  }
}

const socket = connect(Number(port), host);
try {
  await Promise.all([write(socket), read(socket)]);
  console.log(`ok ${count}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  socket.destroy();
}
