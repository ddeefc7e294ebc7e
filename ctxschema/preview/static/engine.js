// Who answers the page: Python in a worker of the browser, or the local server of `ctxschema preview`.

const LONGEST = 30_000; // milliseconds that an answer may take; a form takes a few

class Stopped extends Error {}

class InWorker {
  // `said` is told how Python is doing: "loading", "ready", or "failed" with a reason.
  constructor(said, found) {
    this.said = said;
    this.folder = found.folder;
    this.early = found.early;
    this.waiting = new Map();
    this.number = 0;
    this.begin();
  }

  begin() {
    this.ready = false;
    this.ids = new Map(); // of what was opened before Python was there: its number there
    this.said("loading");
    this.worker = new Worker(new URL(`./worker.js?folder=${this.folder}`, import.meta.url), { type: "module" });
    this.worker.onmessage = ({ data }) => {
      if (data.failed) return this.said("failed", data.failed);
      if (data.ready) {
        this.ready = true;
        for (const each of this.waiting.values()) this.limit(each);
        return this.said("ready");
      }
      this.end(data.number)?.resolve(data.answer);
    };
    this.worker.onerror = (event) => this.said("failed", event.message ?? "the worker failed");
  }

  async ask(request, data) {
    const found = this.ready ? undefined : this.fromFile(request);
    if (found) return found;
    const opened = await this.ids.get(request.id);
    if (opened?.error) return opened;
    return this.send(opened ? { ...request, id: opened.id } : request, data);
  }

  send(request, data) {
    const number = ++this.number;
    return new Promise((resolve, reject) => {
      const each = { resolve, reject };
      this.waiting.set(number, each);
      if (this.ready) this.limit(each);
      this.worker.postMessage({ number, request, data });
    });
  }

  limit(each) {
    each.timer = setTimeout(() => this.stop(`it took more than ${LONGEST / 1000} seconds`), LONGEST);
  }

  end(number) {
    const each = this.waiting.get(number);
    clearTimeout(each?.timer);
    this.waiting.delete(number);
    return each;
  }

  // What was answered when the site was built, for as long as Python is not there.
  fromFile(request) {
    if (request.op === "appliances") return this.early.appliances;
    if (request.op === "open" && request.appliance) {
      const kept = this.early.opened[`${request.appliance} ${request.names}`];
      if (!kept) return undefined;
      const id = `early ${++this.number}`;
      const asked = this.send(request);
      asked.catch(() => undefined);
      this.ids.set(id, asked);
      this.kept = { id, parts: kept.parts };
      return { ...kept.open, id };
    }
    if (!this.kept || this.kept.id !== request.id) return undefined;
    const part = this.kept.parts[request.part];
    const untouched = request.op === "fill" && !request.gpu && Object.values(request.answers).every((each) => Object.keys(each).length === 0);
    return untouched ? part.fill : request.op === "example" ? part.example : undefined;
  }

  stop(reason = "") {
    this.worker.terminate();
    const waiting = [...this.waiting.keys()].map((number) => this.end(number));
    for (const each of waiting) each.reject(new Stopped(reason));
    this.begin();
  }
}

class OnServer {
  constructor(said, found) {
    this.file = found.file;
    this.appliance = found.appliance;
    this.local = true;
    this.begin();
    said("ready");
  }

  begin() {
    this.controller = new AbortController();
  }

  async ask(request, data) {
    const body = new Blob([JSON.stringify(request), "\n", data ?? ""]);
    const { signal } = this.controller;
    let answer;
    try {
      const answered = await fetch("answer", { method: "POST", body, signal });
      answer = answered.ok ? await answered.json() : { error: `the local server says: ${answered.statusText}` };
    } catch {
      if (signal.aborted) throw new Stopped("");
      return { error: "the local server does not answer any more; start ctxschema preview again" };
    }
    if ("stopped" in answer) throw new Stopped(answer.stopped); // the server has a limit of its own
    return answer;
  }

  stop() {
    this.controller.abort();
    fetch("stop", { method: "POST" }).catch(() => undefined);
    this.begin();
  }
}

export async function engine(said) {
  const found = await (await fetch("engine.json")).json();
  return found.runs === "here" ? new OnServer(said, found) : new InWorker(said, found);
}

export { Stopped };
