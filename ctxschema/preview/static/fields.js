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

function control(field, id) {
  const shared = { id, "aria-describedby": `${id}-name ${id}-problems` };
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
  const box = element("input", { id, type: "text", inputMode: "decimal", value: field.value, "aria-describedby": `${id}-name ${id}-problems` });
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

export function fieldElement(field, number, changed, entered) {
  const id = `field-${number}`;
  const label = element("label", { htmlFor: id, textContent: field.label + (field.mandatory ? " *" : "") });
  const name = element("span", { className: "name", id: `${id}-name`, textContent: field.name });
  const problems = element("ul", { className: "problems", id: `${id}-problems` });
  const made = element("div", { className: "field" });
  made.dataset.name = field.name;
  if (field.depends) made.dataset.depends = field.depends;
  let box;
  if (field.control === "switch") {
    box = element("input", { id, type: "checkbox", checked: field.value === "YES", "aria-describedby": `${id}-name ${id}-problems` });
    box.setAttribute("role", "switch");
    made.append(element("div", { className: "switch" }, box, label), name, problems);
  } else if (field.control === "slider") {
    const [both, inner] = slider(field, id, changed);
    box = inner;
    made.append(label, name, both, problems);
  } else {
    box = control(field, id);
    made.append(label, name, box, problems);
  }
  if (field.mandatory && box.type !== "checkbox") box.required = true;
  const tell = () => changed(field.name, answerOf(field, box));
  box.addEventListener("input", tell);
  made.addEventListener("focusin", () => entered(field.name));
  return made;
}

export function showProblems(fields, problems) {
  for (const made of fields) {
    const found = problems[made.dataset.name] ?? [];
    made.querySelector(".problems").replaceChildren(
      ...found.map((each) => element("li", { className: each.severity, textContent: each.text })),
    );
    const box = made.querySelector("[id^=field-]:not(span, ul)");
    if (found.some((each) => each.severity === "error")) box.setAttribute("aria-invalid", "true");
    else box.removeAttribute("aria-invalid");
  }
}
