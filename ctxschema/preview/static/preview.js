import { engine as startEngine, Stopped } from "./engine.js";
import { element, fieldElement, showProblems } from "./fields.js";

const at = (id) => document.getElementById(id);
const SMALL_PASTE = 1_000_000;
const state = { document: null, part: 0, all: {}, answers: {}, fields: [], asked: 0, opened: 0, largest: Infinity, name: "<pasted>", big: null };

const status = (text) => {
  at("status").textContent = text;
};
const engine = await startEngine(status);

async function working(words, ask) {
  status(words);
  at("stop").hidden = false;
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    status("Stopped.");
    return null;
  } finally {
    at("stop").hidden = true;
  }
}

// ---- opening ----

async function open(request, data) {
  const number = ++state.opened;
  at("form").inert = at("results").inert = true; // what is typed now would go into a form that is about to be replaced
  const answer = await working("Reading …", () => engine.ask({ op: "open", ...request }, data));
  if (number === state.opened) at("form").inert = at("results").inert = false;
  if (answer === null || number !== state.opened) return;
  if (answer.error) return status(answer.error);
  state.document = answer;
  state.all = {};
  if (request.appliance) {
    at("text").value = answer.text;
    state.name = "<pasted>";
  } else at("appliance").value = "";
  showFindings(answer);
  const fields = answer.parts.flatMap((part) => part.tabs.flatMap((tab) => tab.groups.flatMap((group) => group.fields)));
  at("form").hidden = at("results").hidden = at("readers").hidden = fields.length === 0;
  status(fields.length ? `${answer.title}: ${count(fields.length, "input")}.` : `${answer.title}: no inputs are declared in it.`);
  at("parts").hidden = answer.parts.length < 2;
  at("part").replaceChildren(...answer.parts.map((part, index) => element("option", { value: index, textContent: part.title })));
  if (fields.length) showPart(0);
}

const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

function openText() {
  if (state.big) return open({ name: state.name }, state.big);
  open({ name: state.name }, new TextEncoder().encode(at("text").value));
}

async function openFile(file) {
  state.name = file.name;
  state.big = null;
  // One byte more than is read is enough to be told that it is too much.
  const bytes = new Uint8Array(await file.slice(0, state.largest + 1).arrayBuffer());
  showSource(bytes);
  open({ name: file.name }, bytes);
}

function showSource(bytes) {
  const small = bytes.length <= SMALL_PASTE;
  at("text").value = small ? new TextDecoder().decode(bytes) : "";
  at("text").placeholder = small ? "" : `${state.name}: ${(bytes.length / 1e6).toFixed(1)} MB, too long to be shown here`;
  state.big = small ? null : bytes;
}

// ---- the form ----

function showPart(index) {
  state.part = index;
  state.answers = state.all[index] ??= {};
  state.fields = [];
  const { tabs } = state.document.parts[index];
  const many = tabs.length > 1 || Boolean(tabs[0]?.title);
  at("tabs").hidden = !many;
  at("tabs").replaceChildren(...(many ? tabs.map(tabElement) : []));
  at("panels").replaceChildren(...tabs.map((tab, number) => panel(tab, number, many)));
  at("explained").replaceChildren(element("p", { className: "hint", textContent: "Step into a field to see what every consumer makes of its input." }));
  select(0, many);
  fill();
}

function tabElement(tab, number) {
  const made = element("button", { type: "button", id: `tab-${number}`, textContent: tab.title, "aria-controls": `panel-${number}` });
  made.setAttribute("role", "tab");
  made.addEventListener("click", () => select(number, true));
  made.addEventListener("keydown", (event) => {
    const all = at("tabs").children;
    const to = { ArrowRight: number + 1, ArrowLeft: number - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    select((to + all.length) % all.length, true);
    all[(to + all.length) % all.length].focus();
  });
  return made;
}

function select(number, many) {
  [...at("panels").children].forEach((made, index) => {
    made.hidden = many && index !== number;
  });
  [...at("tabs").children].forEach((made, index) => {
    made.setAttribute("aria-selected", String(index === number));
    made.tabIndex = index === number ? 0 : -1;
  });
}

function panel(tab, number, many) {
  const made = element("div", { id: `panel-${number}` });
  if (many) {
    made.setAttribute("role", "tabpanel");
    made.setAttribute("aria-labelledby", `tab-${number}`);
  }
  if (tab.description) made.append(element("p", { className: "description", textContent: tab.description }));
  for (const group of tab.groups) {
    const fields = group.fields.map((field) => {
      const kept = { ...field, value: state.answers[field.name] ?? field.value };
      const shown = fieldElement(kept, state.fields.length, changed, entered);
      state.fields.push(shown);
      return shown;
    });
    const inner = group.title ? [element("legend", { textContent: group.title })] : [];
    if (group.description) inner.push(element("p", { className: "description", textContent: group.description }));
    made.append(element(group.title ? "fieldset" : "div", { className: group.title ? "" : "plain" }, ...inner, ...fields));
  }
  return made;
}

function showDependent() {
  const answers = Object.fromEntries(state.fields.map((made) => [made.dataset.name, made.querySelector("[id^=field-]:not(span, ul)")]));
  for (const made of state.fields) {
    const box = answers[made.dataset.depends];
    if (box) made.hidden = box.type === "checkbox" ? !box.checked : !box.value;
  }
}

let timer;
function changed(name, answer) {
  state.answers[name] = answer;
  showDependent();
  clearTimeout(timer);
  timer = setTimeout(() => {
    fill();
    entered(name);
  }, 150);
}

async function fill() {
  showDependent();
  const number = ++state.asked;
  const request = { op: "fill", id: state.document.id, part: state.part, answers: state.all, gpu: at("gpu").checked };
  const answer = await engine.ask(request).catch(() => null);
  if (answer === null || number !== state.asked) return;
  if (answer.error) return status(answer.error);
  showProblems(state.fields, answer.problems);
  at("general").replaceChildren(...answer.general.map((each) => element("li", { className: each.severity, textContent: each.text })));
  at("blocked").hidden = answer.errors === 0;
  const wrong = Object.keys(answer.problems).filter((name) => answer.problems[name].some((each) => each.severity === "error"));
  const where = wrong.length ? ` Look at ${wrong.join(", ")}.` : "";
  at("blocked").textContent = `Nothing comes out before ${count(answer.errors, "error")} ${answer.errors === 1 ? "is" : "are"} mended.${where}`;
  if (answer.errors === 0) at("gpu-row").hidden = !answer.outputs.some((output) => output.id.startsWith("docker"));
  at("outputs").replaceChildren(...answer.outputs.map(outputElement));
}

function outputElement(output) {
  const button = element("button", { type: "button", textContent: "Copy", "aria-label": `Copy ${output.title}` });
  button.addEventListener("click", async () => {
    await copy(output.text);
    button.textContent = "Copied";
    setTimeout(() => {
      button.textContent = "Copy";
    }, 1500);
  });
  const text = element("pre", { textContent: output.shown, tabIndex: 0, className: output.id === "command" ? "wrapped" : "", "aria-label": output.title });
  text.setAttribute("role", "region");
  text.dataset.output = output.id;
  const made = element("div", { className: "output" }, element("div", {}, element("h3", { textContent: output.title }), button));
  if (output.note) made.append(element("p", { className: "hint", textContent: output.note }));
  made.append(text);
  return made;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const box = element("textarea", { value: text });
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  }
}

// ---- consumers and findings ----

let explaining = 0;
async function entered(name) {
  const number = ++explaining;
  const request = { op: "explain", id: state.document.id, part: state.part, name, answer: state.answers[name] };
  const answer = await engine.ask(request).catch(() => null);
  if (answer === null || answer.error || number !== explaining) return;
  const typed = answer.rows.some((row) => row.answer);
  const heads = ["consumer", "takes it", "shows or does", "sends, when left alone", ...(typed ? ["your answer"] : [])];
  const rows = answer.rows.map((row) => [row.consumer, row.accepts, row.sees, row.sends, ...(typed ? [row.answer ?? ""] : [])]);
  const table = element(
    "table",
    {},
    element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", { scope: "col", textContent: head })))),
    element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row.map((cell) => element("td", { textContent: cell }))))),
  );
  const scrolled = element("div", { className: "table", tabIndex: 0, "aria-label": `Consumers of ${answer.name}` }, table);
  scrolled.setAttribute("role", "region");
  at("explained").replaceChildren(element("h3", { textContent: answer.name }), element("pre", { className: "wrapped", textContent: answer.definition }), scrolled);
}

function showFindings(answer) {
  at("lint").hidden = false;
  const more = answer.found > answer.findings.length ? `; the first ${answer.findings.length} are shown` : "";
  at("lint-summary").textContent = answer.found ? `${count(answer.found, "finding")}${more}.` : "No findings.";
  at("lint-list").replaceChildren(
    ...answer.findings.map((each) => {
      const text = element("pre", { textContent: each.lines.slice(1).map((line) => line.replace(/^ {4}/, "")).join("\n"), tabIndex: 0, "aria-label": `Where ${each.code} stands` });
      text.setAttribute("role", "region");
      const head = element("p", { className: each.severity, textContent: `${each.code} ${each.origin ?? ""}: ${each.text}` });
      return element("div", { className: "finding" }, head, ...(each.lines.length > 2 ? [text] : []));
    }),
  );
}

// ---- what the page listens to ----

const openAppliance = () => {
  state.big = null;
  if (at("appliance").value) open({ appliance: at("appliance").value, names: at("names").value });
};
at("appliance").addEventListener("change", openAppliance);
at("names").addEventListener("change", openAppliance);
at("show").addEventListener("click", openText);
at("stop").addEventListener("click", () => {
  state.opened += 1;
  for (const id of ["form", "results", "readers", "lint"]) at(id).hidden = true;
  engine.stop(); // what was open is gone with it
});
at("panels").addEventListener("submit", (event) => event.preventDefault());
at("part").addEventListener("change", () => showPart(Number(at("part").value)));
at("gpu").addEventListener("change", fill);
at("file").addEventListener("change", () => at("file").files[0] && openFile(at("file").files[0]));
at("text").addEventListener("input", () => {
  state.name = "<pasted>";
  state.big = null;
});
at("text").addEventListener("paste", (event) => {
  const text = event.clipboardData?.getData("text") ?? "";
  if (text.length <= SMALL_PASTE) return;
  event.preventDefault(); // a text box of many megabytes would be slow, and nobody reads it there
  state.name = "<pasted>";
  showSource(new TextEncoder().encode(text.slice(0, state.largest + 1)));
  openText();
});
at("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) openText();
});
for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    document.body.classList.toggle("dropping", kind.startsWith("drage") || kind === "dragover");
    if (kind === "drop" && event.dataTransfer.files[0]) openFile(event.dataTransfer.files[0]);
  });
}

const known = await engine.ask({ op: "appliances" });
state.largest = known.largest;
at("appliance").append(...known.appliances.map((each) => element("option", { value: each.name, textContent: each.title })));
at("names").append(...known.names.map((name) => element("option", { value: name, textContent: name })));
at("names").disabled = at("appliance").disabled = at("show").disabled = false;
if (engine.file) {
  const found = await fetch("file");
  await openFile(new File([await found.arrayBuffer()], engine.file));
} else {
  at("home").hidden = false;
  const wanted = engine.appliance ?? new URLSearchParams(location.search).get("appliance");
  if (known.appliances.some((each) => each.name === wanted)) {
    at("appliance").value = wanted;
    openAppliance();
  }
}
