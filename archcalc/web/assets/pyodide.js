/** The engine is archcalc in this browser: Python in a worker, which is ended and begun anew where it takes too long. */
async function startEngine(say) {
  const PATIENCE = 20000;
  let worker = null;
  let pending = new Map();
  let number = 0;

  function begin() {
    worker = new Worker("worker.js", { type: "module" });
    pending = new Map();
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => {
        if (data.progress) say(data.progress);
        else if (data.failure) reject(new Error(data.failure));
        else if (data.ready) resolve();
        else pending.get(data.number)(JSON.parse(data.answer));
      };
      worker.onerror = (event) => reject(new Error(event.message || "the worker cannot be loaded"));
    });
  }

  let ready = begin();
  await ready;
  return async (...request) => {
    await ready;
    number += 1;
    const own = number;
    const answer = await new Promise((resolve) => {
      const timer = setTimeout(() => resolve(null), PATIENCE);
      pending.set(own, (found) => { clearTimeout(timer); resolve(found); });
      worker.postMessage({ number: own, request: JSON.stringify(request) });
    });
    pending.delete(own);
    if (answer) return answer;
    worker.terminate();
    ready = begin();
    return { error: `no answer within ${PATIENCE / 1000} seconds: the spec takes too long; the engine starts anew` };
  };
}
