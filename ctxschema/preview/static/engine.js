// Who answers the page: Python in a worker of the browser, or the local server of `ctxschema preview`.

class Stopped extends Error {}

class InWorker {
  constructor(status) {
    this.status = status;
    this.waiting = new Map();
    this.number = 0;
    this.begin();
  }

  begin() {
    this.status("Loading Python into this page, once …");
    this.worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    this.worker.onmessage = ({ data }) => {
      if (data.ready) return this.status("Ready.");
      if (data.failed) return this.status(`Python cannot be loaded: ${data.failed}`);
      this.waiting.get(data.number)?.resolve(data.answer);
      this.waiting.delete(data.number);
    };
    this.worker.onerror = (event) => this.status(`Python cannot be loaded: ${event.message ?? "the worker failed"}`);
  }

  ask(request, data) {
    const number = ++this.number;
    return new Promise((resolve, reject) => {
      this.waiting.set(number, { resolve, reject });
      this.worker.postMessage({ number, request, data });
    });
  }

  stop() {
    this.worker.terminate();
    for (const { reject } of this.waiting.values()) reject(new Stopped());
    this.waiting.clear();
    this.begin();
  }
}

class OnServer {
  constructor(status, found) {
    this.status = status;
    this.file = found.file;
    this.appliance = found.appliance;
    this.controller = new AbortController();
    status("Ready.");
  }

  async ask(request, data) {
    const body = new Blob([JSON.stringify(request), "\n", data ?? ""]);
    try {
      const answered = await fetch("answer", { method: "POST", body, signal: this.controller.signal });
      return answered.ok ? await answered.json() : { error: `the local server says: ${answered.statusText}` };
    } catch (error) {
      if (error.name === "AbortError") throw new Stopped();
      return { error: "the local server does not answer any more; start ctxschema preview again" };
    }
  }

  stop() {
    this.controller.abort();
    this.controller = new AbortController();
  }
}

export async function engine(status) {
  const found = await (await fetch("engine.json")).json();
  return found.runs === "here" ? new OnServer(status, found) : new InWorker(status);
}

export { Stopped };
