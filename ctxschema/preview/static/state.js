// What the page knows, and where it finds its elements.

export const at = (id) => document.getElementById(id);

export const PASTED = "<pasted>"; // what the engine calls a text without a file

export const state = {
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
  words: "",
  python: "loading",
};
