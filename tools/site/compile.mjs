// Compiles the Python in zips with the very Python that will run it: compile.mjs PYODIDE FROM TO [FROM TO ...]
// What a browser would compile at every visit is compiled once, when the site is built.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, ...files] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(folder, "pyodide.mjs")));
const python = await loadPyodide({ stdout: () => {}, indexURL: folder });
const compiled = python.runPython(`
import importlib.util, io, marshal, zipfile

def compiled(data):
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data.to_bytes())) as source, zipfile.ZipFile(made, "w") as target:
        for name in sorted(source.namelist()):
            content = source.read(name)
            if name.endswith(".py"):
                code = compile(content, name, "exec", dont_inherit=True)
                hashed = importlib.util.source_hash(content)
                # A hash that is not checked: the source is not there.
                content = importlib.util.MAGIC_NUMBER + (0b01).to_bytes(4, "little") + hashed + marshal.dumps(code)
                name += "c"
            if not name.endswith("/"):
                target.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
compiled
`);
for (let at = 0; at < files.length; at += 2) {
  writeFileSync(files[at + 1], compiled(new Uint8Array(readFileSync(files[at]))).toJs());
}
