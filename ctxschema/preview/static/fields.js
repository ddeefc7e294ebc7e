// The fields of a form. Whatever comes from a template becomes text, never markup.

export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in made && !key.includes("-")) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

const described = (id) => `${id}-name ${id}-problem`;

function control(field, id) {
  const shared = { id, "aria-describedby": described(id) };
  if (field.control === "lines") return element("textarea", { ...shared, rows: 1, value: field.value });
  if (field.control === "choice" || field.control === "multiple") return choice(field, shared);
  const input = element("input", { ...shared, type: field.control === "password" ? "password" : "text", value: field.value, autocomplete: "off" });
  if (field.control === "number") input.inputMode = "decimal";
  if (field.control === "fixed") input.readOnly = true;
  return input;
}

function choice(field, shared) {
  // Sunstone shows the options by alphabet, each once, and takes a default that is none of them.
  const options = [...new Set(field.options)].sort((a, b) => a.localeCompare(b));
  const multiple = field.control === "multiple";
  const chosen = multiple ? field.value.split(",") : [field.value];
  const known = multiple || options.includes(field.value) ? options : [field.value, ...options];
  return element(
    "select",
    { ...shared, multiple },
    ...known.map((value) => element("option", { value, textContent: value, selected: chosen.includes(value) })),
  );
}

function slider(field, id, changed) {
  const shared = { min: field.low, max: field.high, step: field.step, value: field.value };
  const range = element("input", { ...shared, type: "range", "aria-label": `${field.label}, slider` });
  const box = element("input", { id, type: "text", inputMode: "decimal", value: field.value, "aria-describedby": described(id) });
  range.addEventListener("input", () => {
    box.value = range.value;
    changed(field.name, box.value);
  });
  box.addEventListener("input", () => {
    range.value = box.value;
  });
  return [element("div", { className: "slider" }, range, box), box];
}

function answerOf(field, made) {
  if (field.control === "switch") return made.checked ? "YES" : "NO";
  if (field.control === "multiple") return [...made.selectedOptions].map((option) => option.value).join(",");
  return made.value;
}

export const boxOf = (made) => made.querySelector("[id^=field-]:is(input, select, textarea)");

// What a field calls: changed(name, answer) at every change, left(name) when somebody goes on, entered(name) when they come.
export function fieldElement(field, number, { changed, left, entered }) {
  const id = `field-${number}`;
  const label = element("label", { htmlFor: id, textContent: field.label + (field.mandatory ? " *" : "") });
  const name = element("span", { className: "name", id: `${id}-name`, textContent: field.name });
  if (field.variable) name.append(element("span", { className: "sets", textContent: ` sets ${field.variable}` }));
  const problem = element("p", { className: "problem", id: `${id}-problem`, hidden: true });
  const more = element("details", { className: "more", hidden: true }, element("summary"), element("div"));
  const made = element("div", { className: "field" });
  made.dataset.name = field.name;
  made.dataset.label = field.label;
  if (field.depends) made.dataset.depends = field.depends;
  let box;
  if (field.control === "switch") {
    box = element("input", { id, type: "checkbox", checked: field.value === "YES", "aria-describedby": described(id) });
    box.setAttribute("role", "switch");
    made.append(element("div", { className: "switch" }, box, label), name, problem, more);
  } else if (field.control === "slider") {
    const [both, inner] = slider(field, id, changed);
    box = inner;
    made.append(label, both, name, problem, more);
  } else {
    box = control(field, id);
    made.append(label, box, name, problem, more);
  }
  if (field.mandatory && box.type !== "checkbox") box.required = true;
  box.addEventListener("input", () => changed(field.name, answerOf(field, box)));
  made.addEventListener("focusin", () => entered(field.name));
  box.addEventListener("blur", () => left(field.name));
  return made;
}

export const WORDS = { error: "Error", warning: "Warning", info: "Note" };

// The words of a finding without the name that stands at the field anyway.
function withoutName({ variable, text }) {
  const rest = variable && text.startsWith(variable) ? text.slice(variable.length) : "";
  return /^:? /.test(rest) ? rest.replace(/^:? /, "") : text;
}

// Shows one message at a field; the others, and what Sunstone itself says, are folded away below it.
export function showProblem(made, found, sunstone) {
  const [first, ...others] = found;
  const problem = made.querySelector(".problem");
  const more = made.querySelector(".more");
  const box = boxOf(made);
  problem.hidden = !first;
  const raw = first && sunstone && !first.text.endsWith(sunstone.split("\n")[0]) ? sunstone : "";
  const folded = [...others.map((each) => `${WORDS[each.severity]}: ${withoutName(each)}`), ...(raw ? [raw] : [])];
  more.hidden = folded.length === 0;
  if (folded.length) {
    const words = [...(others.length ? [`${others.length} more`] : []), ...(raw ? ["Sunstone’s own words"] : [])];
    more.firstElementChild.textContent = words.join(", and ");
    more.lastElementChild.replaceChildren(...folded.map((text) => element("p", { textContent: text })));
  }
  if (first) {
    problem.className = `problem ${first.severity}`;
    problem.replaceChildren(element("b", { textContent: `${WORDS[first.severity]}: ` }), withoutName(first));
  }
  if (first?.severity === "error") box.setAttribute("aria-invalid", "true");
  else box.removeAttribute("aria-invalid");
}
