/** The engine is archcalc on this machine, asked through the server that this page came from. */
async function startEngine() {
  return async (text, name, options) => {
    const answer = await fetch("answer", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ text, name, options }),
    });
    if (!answer.ok) throw new Error(`the server says ${answer.status} ${answer.statusText}`);
    return answer.json();
  };
}
