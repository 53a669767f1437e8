/** Answers session-record frames on a port of its own, which it prints. */

import { once } from "node:events";
import { createServer, type Socket } from "node:net";

import { Opcode, Reject, Serializer, encode, frames } from "../generated/session-record.js";

/** What a body of nothing is, by serializer. */
const EMPTY: Readonly<Record<Serializer, Uint8Array>> = {
  [Serializer.Raw]: new Uint8Array(0),
  [Serializer.Json]: new TextEncoder().encode("null"),
  [Serializer.Msgpack]: Uint8Array.of(0xc0),
};

async function serve(socket: Socket): Promise<void> {
  for await (const frame of frames(socket)) {
    const bytes = encode(frame.opcode === Opcode.Open ? { ...frame, body: EMPTY[frame.serializer] } : frame);
    if (frame.opcode === Opcode.Close) {
      await new Promise<void>((written) => socket.end(bytes, written));
      return;
    }
    if (!socket.write(bytes)) {
      await once(socket, "drain");
    }
  }
}

const server = createServer((socket) => {
  // A peer that is gone ends its own stream.
  socket.on("error", () => socket.destroy());
  serve(socket).catch((error: unknown) => {
    if (error instanceof Reject) {
      console.error(error.message);
    }
    socket.destroy();
  });
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(`listening ${typeof address === "object" && address !== null ? address.port : ""}`);
});
