import { engine as startEngine, Stopped } from "./engine.js";
import { boxOf, element, fieldElement, showProblem } from "./fields.js";
import { count, explained, findingElements, outputElement } from "./results.js";

const at = (id) => document.getElementById(id);
const SMALL_PASTE = 1_000_000;
const PASTED = "<pasted>";
const PAUSE = 700; // milliseconds without a keystroke after which a field counts as answered
const NAMED = 3; // how many wrong fields the summary names

const state = {
  document: null, // what is open, as the engine answered
  source: null, // what was opened, to open it again under other names
  part: 0,
  all: {}, // the answers, by part and field
  touched: new Set(), // the fields of this part whose problems are shown
  checked: false, // whether those of all fields are
  fields: [],
  told: null, // the last answer to what stands in the form
  opened: 0,
  asked: 0,
  largest: Infinity,
  name: PASTED,
  big: null,
  words: "",
  python: "loading",
};

// ---- the line of status ----

function status(words) {
  state.words = words;
  showStatus();
}

function showStatus(reason = "") {
  const waits = { loading: "Python is loading into this page; what you type is judged as soon as it is there.", failed: `Python cannot be loaded: ${reason}`, ready: "" }[state.python];
  at("status").textContent = [state.words, waits].filter(Boolean).join(" ");
  at("status").dataset.python = state.python;
}

const engine = await startEngine((how, reason) => {
  state.python = how;
  showStatus(reason);
});

async function working(words, ask) {
  status(words);
  at("stop").hidden = false;
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    closeAll(error.message);
    return null;
  } finally {
    at("stop").hidden = true;
  }
}

// What was open is gone with the worker that had it open.
function closeAll(reason) {
  state.opened += 1;
  state.document = null;
  for (const id of ["form", "results", "readers", "lint"]) at(id).hidden = true;
  at("form").inert = at("results").inert = false;
  status(reason ? `Stopped: ${reason}. For large files there is ctxschema lint.` : "Stopped.");
}

// ---- opening ----

async function open(request, data) {
  const number = ++state.opened;
  state.source = { request, data };
  at("form").inert = at("results").inert = true; // what is typed now would go into a form that is about to be replaced
  const answer = await working("Reading …", () => engine.ask({ op: "open", names: at("names").value, ...request }, data));
  if (answer === null || number !== state.opened) return;
  at("form").inert = at("results").inert = false;
  if (answer.error) return status(answer.error);
  state.document = answer;
  state.all = {};
  if (!request.appliance) at("appliance").value = "";
  at("names-row").hidden = answer.names === null;
  if (answer.names) at("names").value = answer.names;
  at("begin").disabled = !request.appliance;
  showFindings(answer);
  const fields = answer.parts.flatMap((part) => part.tabs.flatMap((tab) => tab.groups.flatMap((group) => group.fields)));
  at("form").hidden = at("results").hidden = at("readers").hidden = fields.length === 0;
  const faulty = fields.length === 0 && answer.findings.some((each) => each.severity === "error");
  status(`${answer.title === PASTED ? "Your text" : answer.title}: ${fields.length ? count(fields.length, "input") : faulty ? "it cannot be read; what is wrong stands below" : "no inputs are declared in it"}.`);
  at("parts").hidden = answer.parts.length < 2;
  at("part").replaceChildren(...answer.parts.map((part, index) => element("option", { value: index, textContent: part.title })));
  at("gpu-row").hidden = true;
  if (fields.length) showPart(0);
  if (!request.appliance) at(fields.length ? "form" : "lint").scrollIntoView({ block: "start" });
}

function openAppliance() {
  const appliance = at("appliance").value;
  if (!appliance) return;
  const address = new URL(location.href);
  address.searchParams.set("appliance", appliance);
  history.replaceState(null, "", address);
  return open({ appliance });
}

function openText() {
  open({ name: state.name }, state.big ?? new TextEncoder().encode(at("text").value));
}

async function openFile(file) {
  state.name = file.name;
  // One byte more than is read is enough to be told that it is too much.
  const bytes = new Uint8Array(await file.slice(0, state.largest + 1).arrayBuffer());
  showSource(bytes);
  return open({ name: file.name }, bytes);
}

function showSource(bytes) {
  const small = bytes.length <= SMALL_PASTE;
  at("own").open = true;
  at("text").value = small ? new TextDecoder().decode(bytes) : "";
  at("text").placeholder = small ? "" : `${state.name}: ${(bytes.length / 1e6).toFixed(1)} MB, too long to be shown here`;
  state.big = small ? null : bytes;
}

function dropped(transfer) {
  if (transfer.files[0]) return openFile(transfer.files[0]);
  const text = transfer.getData("text");
  if (text) take(text);
}

function take(text) {
  state.name = PASTED;
  showSource(new TextEncoder().encode(text.slice(0, state.largest + 1)));
  openText();
}

async function begin() {
  const answer = await working("Writing the declaration …", () => engine.ask({ op: "declare", appliance: at("appliance").value }));
  if (answer === null) return;
  if (answer.error) return status(answer.error);
  state.name = answer.name;
  showSource(new TextEncoder().encode(answer.text));
  status("This is its declaration. Change it, and show its form.");
  at("text").focus();
}

function showFindings(answer) {
  at("lint").hidden = false;
  const worst = ["error", "warning"].find((severity) => answer.findings.some((each) => each.severity === severity));
  const more = answer.found > answer.findings.length ? `; the first ${answer.findings.length} are shown` : "";
  at("lint-summary").textContent = answer.found ? `${count(answer.found, worst ? "finding" : "note")}${more}` : "nothing";
  at("lint-more").hidden = answer.found === 0;
  at("lint-more").open = Boolean(worst);
  at("lint-list").replaceChildren(...findingElements(answer));
}

// ---- the form ----

function showPart(index) {
  state.part = index;
  state.all[index] ??= {};
  state.touched.clear();
  state.checked = false;
  state.told = null; // of what stood there before
  at("verdict").textContent = at("summary").className = "";
  at("outputs").replaceChildren();
  draw();
  at("explained").replaceChildren(element("p", { className: "hint", textContent: "Step into a field to see what the command line, Sunstone and OneFlow make of it." }));
  fill();
}

function draw() {
  state.fields = [];
  const { tabs } = state.document.parts[state.part];
  const many = tabs.length > 1;
  at("tabs").hidden = !many;
  at("tabs").replaceChildren(...(many ? tabs.map(tabElement) : []));
  at("panels").replaceChildren(...tabs.map((tab, number) => panel(tab, number, many)));
  select(0);
  showDependent();
}

function tabElement(tab, number) {
  const made = element("button", { type: "button", id: `tab-${number}`, "aria-controls": `panel-${number}` }, tab.title, element("span", { className: "wrong", hidden: true }));
  made.setAttribute("role", "tab");
  made.addEventListener("click", () => select(number));
  made.addEventListener("keydown", (event) => {
    const all = at("tabs").children;
    const to = { ArrowRight: number + 1, ArrowLeft: number - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    select((to + all.length) % all.length);
    all[(to + all.length) % all.length].focus();
  });
  return made;
}

function select(number) {
  const tabs = [...at("tabs").children];
  [...at("panels").children].forEach((made, index) => {
    made.hidden = tabs.length > 0 && index !== number;
  });
  tabs.forEach((made, index) => {
    made.setAttribute("aria-selected", String(index === number));
    made.tabIndex = index === number ? 0 : -1;
  });
}

function panel(tab, number, many) {
  const made = element("div", { id: `panel-${number}` });
  if (many) {
    made.setAttribute("role", "tabpanel");
    made.setAttribute("aria-labelledby", `tab-${number}`);
  } else if (tab.title) made.append(element("h3", { textContent: tab.title }));
  if (tab.description) made.append(element("p", { className: "description", textContent: tab.description }));
  const answers = state.all[state.part];
  for (const group of tab.groups) {
    const fields = group.fields.map((field) => {
      const kept = { ...field, value: answers[field.name] ?? field.value };
      const shown = fieldElement(kept, state.fields.length, { changed, left, entered });
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
  const boxes = Object.fromEntries(state.fields.map((made) => [made.dataset.name, boxOf(made)]));
  for (const made of state.fields) {
    const box = boxes[made.dataset.depends];
    if (box) made.hidden = box.type === "checkbox" ? !box.checked : !box.value;
  }
}

let soon, later;
function changed(name, answer) {
  state.all[state.part][name] = answer;
  state.fields.find((made) => made.dataset.name === name)?.classList.remove("filled");
  showDependent();
  clearTimeout(soon);
  clearTimeout(later);
  soon = setTimeout(() => {
    fill();
    const made = state.fields.find((each) => each.dataset.name === name);
    if (made?.contains(document.activeElement)) entered(name);
  }, 150);
  later = setTimeout(() => touch(name), PAUSE);
}

// Somebody has gone on from a field; whoever only passed it by is told nothing of it.
const left = (name) => name in (state.all[state.part] ?? {}) && touch(name);

function touch(name) {
  if (state.touched.has(name)) return;
  state.touched.add(name);
  showProblems();
}

async function fill() {
  const number = ++state.asked;
  const opened = state.opened;
  const request = { op: "fill", id: state.document.id, part: state.part, answers: state.all, gpu: at("gpu").checked };
  const answer = await engine.ask(request).catch((error) => (opened === state.opened && closeAll(error.message), null));
  if (answer === null || number !== state.asked || opened !== state.opened) return;
  if (answer.error) return status(answer.error);
  state.told = answer;
  showProblems();
  const stopped = answer.outputs.length === 0;
  at("blocked").hidden = !stopped;
  if (!stopped) at("gpu-row").hidden = !answer.outputs.some((output) => output.id.startsWith("docker"));
  const { file, text } = state.document;
  const generated = text && !stopped ? [{ id: "generated", title: file, text, shown: text, note: "The template itself, as ctxschema generates it." }] : [];
  at("outputs").replaceChildren(...[...answer.outputs, ...generated].map(outputElement));
}

const isWrong = (found) => found?.[0]?.severity === "error";

function showProblems() {
  if (!state.told) return;
  const { problems, sunstone, general, outputs } = state.told;
  const isShown = (name) => state.checked || state.touched.has(name);
  for (const made of state.fields) {
    const { name } = made.dataset;
    showProblem(made, isShown(name) ? problems[name] ?? [] : [], sunstone[name]);
  }
  const quiet = !state.checked && state.touched.size === 0;
  at("general").replaceChildren(...general.filter((each) => !quiet || each.severity === "info").map((each) => element("li", { className: each.severity, textContent: `${each.severity}: ${each.text}` })));
  const wrong = state.fields.filter((made) => isWrong(problems[made.dataset.name]));
  const shown = wrong.filter((made) => isShown(made.dataset.name));
  showTabs(shown);
  verdict(shown, wrong.length - shown.length, outputs.length > 0);
}

function showTabs(wrong) {
  [...at("tabs").children].forEach((made, index) => {
    const number = wrong.filter((each) => at(`panel-${index}`).contains(each)).length;
    const badge = made.querySelector(".wrong");
    badge.hidden = number === 0;
    badge.textContent = number || "";
    badge.title = number ? count(number, "error") : "";
  });
}

// One line that stays in sight however long the form is.
function verdict(shown, unseen, works) {
  const line = at("verdict");
  at("summary").className = shown.length ? "bad" : works ? "good" : "";
  if (shown.length === 0) {
    if (works) {
      const right = state.checked ? "Checked: every answer is right." : "Every answer is right.";
      const faults = state.document.findings.filter((each) => each.severity === "error").length;
      const to = faults ? ["#lint", `The linter finds ${count(faults, "error")} in the text`] : ["#results", "See what comes out"];
      line.replaceChildren(element("b", { textContent: right }), " ", element("a", { href: to[0], textContent: to[1] }), ".");
    } else line.replaceChildren(unseen ? "Some fields still need a value." : "Nothing comes out of it yet.");
    return;
  }
  const links = shown.slice(0, NAMED).map((made) => {
    const to = element("a", { href: `#${boxOf(made).id}`, textContent: short(made.dataset.label) });
    to.addEventListener("click", (event) => {
      event.preventDefault();
      goTo(made);
    });
    return to;
  });
  const rest = [...(shown.length > NAMED ? [`and ${shown.length - NAMED} more`] : []), ...(unseen ? [`${count(unseen, "field")} not answered yet`] : [])];
  const words = shown.length === 1 ? "1 field has an error: " : `${shown.length} fields have errors: `;
  const listed = links.flatMap((each, index) => (index ? [", ", each] : [each]));
  line.replaceChildren(element("b", { textContent: words }), ...listed, rest.length ? ` (${rest.join(", ")})` : "");
}

// A label without what it explains in brackets or behind a comma, and no longer than a line.
function short(label) {
  const first = label.split(/ ?[(,:]/)[0] || label;
  return first.length > 40 ? `${first.slice(0, 39)}…` : first;
}

function goTo(made) {
  select([...at("panels").children].findIndex((each) => each.contains(made)));
  for (let name = made.dataset.depends; made.hidden && name; name = "") {
    made = state.fields.find((each) => each.dataset.name === name) ?? made; // what a switch hides is mended at the switch
  }
  boxOf(made).focus();
  made.scrollIntoView({ block: "center" });
}

async function check(event) {
  event.preventDefault();
  clearTimeout(soon);
  await fill();
  if (!state.told) return;
  state.checked = true;
  showProblems();
  const first = state.fields.find((made) => isWrong(state.told.problems[made.dataset.name]));
  if (first) goTo(first);
}

async function example() {
  const answer = await working("Thinking of an example …", () => engine.ask({ op: "example", id: state.document.id, part: state.part }));
  if (answer === null) return;
  if (answer.error) return status(answer.error);
  const names = Object.keys(answer.answers);
  Object.assign(state.all[state.part], answer.answers);
  const open = [...at("panels").children].findIndex((made) => !made.hidden);
  draw();
  select(Math.max(open, 0));
  for (const made of state.fields) made.classList.toggle("filled", names.includes(made.dataset.name));
  status(names.length ? `${count(names.length, "field")} filled in; the others have a value of their own or may stay empty.` : "Every field has a value of its own already, or may stay empty.");
  fill();
}

// ---- consumers ----

let explaining = 0;
async function entered(name) {
  const number = ++explaining;
  const request = { op: "explain", id: state.document.id, part: state.part, name, answer: state.all[state.part][name] };
  const answer = await engine.ask(request).catch(() => null);
  if (answer === null || answer.error || number !== explaining) return;
  at("explained").replaceChildren(...explained(answer));
}

// ---- what the page listens to ----

at("appliance").addEventListener("change", openAppliance);
at("names").addEventListener("change", () => state.source && open(state.source.request, state.source.data));
at("show").addEventListener("click", openText);
at("begin").addEventListener("click", begin);
at("example").addEventListener("click", example);
at("again").addEventListener("click", () => {
  state.all[state.part] = {};
  showPart(state.part);
});
at("panels").addEventListener("submit", check);
at("stop").addEventListener("click", () => engine.stop());
at("part").addEventListener("change", () => showPart(Number(at("part").value)));
at("gpu").addEventListener("change", fill);
at("file").addEventListener("change", () => at("file").files[0] && openFile(at("file").files[0]));
at("text").addEventListener("input", () => {
  state.name = PASTED;
  state.big = null;
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

const known = await engine.ask({ op: "appliances" });
state.largest = known.largest;
const choices = (own) => known.appliances.filter((each) => each.own === own).map((each) => element("option", { value: each.name, textContent: each.title }));
const own = choices(true);
at("appliance").append(element("option", { value: "", textContent: "my own, below", hidden: true }));
if (own.length) at("appliance").append(element("optgroup", { label: "Yours" }, ...own));
at("appliance").append(element("optgroup", { label: own.length ? "Of the catalog" : "Examples from the catalog" }, ...choices(false)));
at("names").append(...known.names.map((each) => element("option", { value: each.name, textContent: each.title })));
at("names").disabled = at("appliance").disabled = at("show").disabled = false;
at("home").hidden = Boolean(engine.local);
if (engine.file) {
  const found = await fetch("file");
  await openFile(new File([await found.arrayBuffer()], engine.file));
} else {
  const wanted = engine.appliance ?? new URLSearchParams(location.search).get("appliance");
  const found = known.appliances.find((each) => each.name === wanted) ?? known.appliances[0];
  at("appliance").value = found.name;
  await openAppliance();
}
