// Runs ctxschema itself in the browser, away from the page, so that a large paste cannot hang it.
import { loadPyodide } from "./engine/pyodide.mjs";

const START = `
import json, sys
sys.path.insert(0, "/ctxschema")
from ctxschema.preview.engine import Engine
_engine = Engine()
def answer(request, data):
    return json.dumps(_engine.answer(json.loads(request), data.to_bytes()))
`;

const started = (async () => {
  const [python, packages] = await Promise.all([
    loadPyodide({ indexURL: new URL("./engine/", import.meta.url).href }),
    fetch(new URL("./engine/packages.zip", import.meta.url)).then((found) => found.arrayBuffer()),
  ]);
  python.unpackArchive(packages, "zip", { extractDir: "/ctxschema" });
  python.runPython(START);
  return python.globals.get("answer");
})();

started.then(
  () => self.postMessage({ ready: true }),
  (error) => self.postMessage({ failed: String(error) }),
);

self.onmessage = async ({ data: { number, request, data } }) => {
  try {
    const answer = await started;
    self.postMessage({ number, answer: JSON.parse(answer(JSON.stringify(request), data ?? new Uint8Array())) });
  } catch (error) {
    self.postMessage({ number, answer: { error: `this text is too much for the browser: ${String(error).slice(-200)}` } });
  }
};
