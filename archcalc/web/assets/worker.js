/** Runs archcalc by Pyodide: a request is a text of JSON, and so is its answer. */
import { loadPyodide } from "./pyodide/pyodide.mjs";

const ENGINE = `
import json
from archcalc.web.engine import answer
lambda request: json.dumps(answer(*json.loads(request)))
`;

async function start() {
  postMessage({ progress: "Python is loading …" });
  const [python, packed] = await Promise.all([loadPyodide({ indexURL: "./pyodide/" }), fetch("archcalc.zip")]);
  if (!packed.ok) throw new Error(`archcalc.zip: ${packed.status} ${packed.statusText}`);
  postMessage({ progress: "archcalc is loading …" });
  python.unpackArchive(await packed.arrayBuffer(), "zip", { extractDir: "/archcalc" });
  python.runPython("import sys; sys.path.insert(0, '/archcalc')");
  return python.runPython(ENGINE);
}

const engine = start();
engine.then(() => postMessage({ ready: true }), (error) => postMessage({ failure: String(error.message || error) }));
onmessage = async ({ data: { number, request } }) => {
  const answer = await engine;
  postMessage({ number, answer: answer(request) });
};
