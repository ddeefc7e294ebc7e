// Reads [{schema, instances}, ...] from standard input, and prints for each instance whether ajv, in strict mode, takes it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const load = createRequire(process.env.AJV_FROM ?? import.meta.url);
const Ajv = load("ajv/dist/2020").default;
const answers = JSON.parse(readFileSync(0, "utf-8")).map(({ schema, instances }) => {
  const takes = new Ajv({ strict: true, allErrors: false }).compile(schema);
  return instances.map((instance) => takes(instance));
});
process.stdout.write(JSON.stringify(answers));
