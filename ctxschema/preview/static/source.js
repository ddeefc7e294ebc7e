// One's own text: typed, pasted, dropped, or from a file.
import { at, PASTED, state } from "./state.js";

const SMALL_PASTE = 1_000_000; // characters; a text box of many megabytes would be slow

let open; // opens what the page is given
let name = PASTED;
let big = null; // a text that is too long for the text box

function openText() {
  open({ name }, big ?? new TextEncoder().encode(at("text").value));
}

export async function openFile(file) {
  // One byte more than is read is enough to be told that it is too much.
  const bytes = new Uint8Array(await file.slice(0, state.largest + 1).arrayBuffer());
  showSource(bytes, file.name);
  return open({ name }, bytes);
}

export function showSource(bytes, called = name) {
  name = called;
  const small = bytes.length <= SMALL_PASTE;
  at("own").open = true;
  at("text").value = small ? new TextDecoder().decode(bytes) : "";
  at("text").placeholder = small ? "" : `${name}: ${(bytes.length / 1e6).toFixed(1)} MB, too long to be shown here`;
  big = small ? null : bytes;
}

function dropped(transfer) {
  if (transfer.files[0]) return openFile(transfer.files[0]);
  const text = transfer.getData("text");
  if (text) take(text);
}

function take(text) {
  showSource(new TextEncoder().encode(text.slice(0, state.largest + 1)), PASTED);
  openText();
}

export function listenToSource(opened) {
  open = opened;
  at("show").addEventListener("click", openText);
  at("file").addEventListener("change", () => {
    const [file] = at("file").files;
    at("file").value = ""; // the same file may be chosen again, once it was changed
    if (file) openFile(file);
  });
  at("text").addEventListener("input", () => {
    name = PASTED;
    big = null;
  });
  at("text").addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text") ?? "";
    if (text.length <= SMALL_PASTE) return;
    event.preventDefault(); // a text box of many megabytes would be slow, and nobody reads it there
    take(text);
  });
  at("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) openText();
  });
  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      event.preventDefault();
      document.body.classList.toggle("dropping", kind === "dragenter" || kind === "dragover");
      if (kind === "drop") dropped(event.dataTransfer);
    });
  }
}
