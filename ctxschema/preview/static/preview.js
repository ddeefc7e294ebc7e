import { engine as startEngine, Stopped } from "./engine.js";
import { boxOf, element, fieldElement, showProblem } from "./fields.js";
import { count, explained, findingElements, outputElement } from "./results.js";
import { listenToSource, openFile, showSource } from "./source.js";
import { at, PASTED, state } from "./state.js";
import { showVerdict } from "./verdict.js";

const PAUSE = 700; // milliseconds without a keystroke after which a field counts as answered

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

async function begin() {
  const answer = await working("Writing the declaration …", () => engine.ask({ op: "declare", appliance: at("appliance").value }));
  if (answer === null) return;
  if (answer.error) return status(answer.error);
  showSource(new TextEncoder().encode(answer.text), answer.name);
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
  if (!state.document) return; // it was stopped while somebody typed
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
  const whole = quiet ? undefined : general.find((each) => each.severity === "error");
  showVerdict(shown, wrong.length - shown.length, outputs.length > 0, whole?.text, goTo);
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
  if (!state.document) return;
  const number = ++explaining;
  const request = { op: "explain", id: state.document.id, part: state.part, name, answer: state.all[state.part][name] };
  const answer = await engine.ask(request).catch(() => null);
  if (answer === null || answer.error || number !== explaining) return;
  at("explained").replaceChildren(...explained(answer));
}

// ---- what the page listens to ----

at("appliance").addEventListener("change", openAppliance);
listenToSource(open);
at("names").addEventListener("change", () => state.source && open(state.source.request, state.source.data));
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
