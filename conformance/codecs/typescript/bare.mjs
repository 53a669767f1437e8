// Loads compiled codecs where there is nothing of Node's: only what ECMAScript has, TextDecoder and TextEncoder. Of each, a decoder
// takes some bytes.
//   node --experimental-vm-modules bare.mjs FOLDER
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import vm from "node:vm";

const [folder] = process.argv.slice(2);
const context = vm.createContext({ TextDecoder, TextEncoder });
const codecs = readdirSync(folder).filter((name) => name.endsWith(".js") && name !== "testee.js");
if (codecs.length === 0) {
  throw new Error(`${folder} has no codec`);
}
for (const name of codecs) {
  const codec = new vm.SourceTextModule(readFileSync(join(folder, name), "utf8"), { context, identifier: name });
  await codec.link((wanted) => {
    throw new Error(`${name} imports ${wanted}`);
  });
  await codec.evaluate();
  context.codec = codec.namespace;
  vm.runInContext(
    `try {
       const decoder = new codec.Decoder();
       decoder.push(new Uint8Array(64));
       while (!decoder.closed && decoder.next() !== undefined);
       decoder.finish();
     } catch (error) {
       if (!(error instanceof codec.Reject)) throw error;
     }`,
    context,
  );
}
