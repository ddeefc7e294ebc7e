// Runs ctxschema itself in the browser, away from the page, so that a large paste cannot hang it.

const folder = new URL(`./${new URL(import.meta.url).searchParams.get("folder")}/`, import.meta.url).href;

const START = `
import json, sys
sys.path.insert(0, "/packages")
from ctxschema.preview.engine import Engine
_engine = Engine()
def answer(request, data):
    return json.dumps(_engine.answer(json.loads(request), data.to_bytes()))
`;

async function start() {
  const packages = fetch(`${folder}packages.zip`).then((found) => found.arrayBuffer());
  const { loadPyodide } = await import(`${folder}pyodide.mjs`);
  const python = await loadPyodide({ indexURL: folder });
  python.unpackArchive(await packages, "zip", { extractDir: "/packages" }); // some read files that lie beside them
  python.runPython(START);
  return python.globals.get("answer");
}

const started = start();

self.onmessage = async ({ data: { number, request, data } }) => {
  try {
    const answer = await started;
    self.postMessage({ number, answer: JSON.parse(answer(JSON.stringify(request), data ?? new Uint8Array())) });
  } catch (error) {
    self.postMessage({ number, answer: { error: `this text is too much for the browser: ${String(error).slice(-200)}` } });
  }
};

started.then(
  () => self.postMessage({ ready: true }),
  (error) => self.postMessage({ failed: String(error) }),
);
