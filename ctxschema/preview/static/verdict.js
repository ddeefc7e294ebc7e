// The line below the form that says how it stands.
import { boxOf, element } from "./fields.js";
import { count } from "./results.js";
import { at, state } from "./state.js";

const NAMED = 3; // how many wrong fields it names

// One line that stays in sight however long the form is.
export function showVerdict(shown, unseen, works, whole, goTo) {
  const line = at("verdict");
  at("summary").className = shown.length || whole ? "bad" : works ? "good" : "";
  if (shown.length === 0 && whole) return line.replaceChildren(element("b", { textContent: "The answers do not go together: " }), whole);
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
