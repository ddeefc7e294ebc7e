// What stands beside the form: what comes out of it, what every consumer makes of a field, and the findings of the linter.
import { element, WORDS } from "./fields.js";

export const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

function scrolled(made, label) {
  made.tabIndex = 0;
  made.setAttribute("role", "region");
  made.setAttribute("aria-label", label);
  return made;
}

export function outputElement(output) {
  const button = element("button", { type: "button", textContent: "Copy", "aria-label": `Copy ${output.title}` });
  button.addEventListener("click", async () => {
    await copy(output.text);
    button.textContent = "Copied";
    setTimeout(() => {
      button.textContent = "Copy";
    }, 1500);
  });
  const text = scrolled(element("pre", { textContent: output.shown, className: output.id === "command" ? "wrapped" : "" }), output.title);
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

export function explained(answer) {
  const typed = answer.rows.some((row) => row.answer);
  const heads = ["Program", "Takes it", "Shows or does", "Sends, when left alone", ...(typed ? ["Your answer"] : [])];
  const rows = answer.rows.map((row) => [row.consumer, row.accepts, row.sees, row.sends, ...(typed ? [row.answer ?? ""] : [])]);
  const table = element(
    "table",
    {},
    element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", { scope: "col", textContent: head })))),
    element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row.map((cell) => element("td", { textContent: cell }))))),
  );
  const definition = element("pre", { className: "wrapped", textContent: answer.definition });
  return [element("h3", { textContent: answer.name }), definition, scrolled(element("div", { className: "table" }, table), `Programs that read ${answer.name}`)];
}

export function findingElements(answer) {
  return answer.findings.map((each) => {
    const shown = each.lines.slice(1).map((line) => line.replace(/^ {4}/, "")).join("\n");
    const head = element("p", { className: each.severity }, element("b", { textContent: `${WORDS[each.severity]} ${each.code} ` }), `${each.origin ?? ""}: ${each.text}`);
    const where = scrolled(element("pre", { textContent: shown }), `Where ${each.code} stands`);
    return element("div", { className: "finding" }, head, ...(each.lines.length > 2 ? [where] : []));
  });
}
