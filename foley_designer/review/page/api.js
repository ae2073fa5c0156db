// Talking to the server: answers as JSON, failures as errors that can be shown.

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error || `The server said ${response.status}.`);
  return body;
}

export async function get(path) {
  return answer(await fetch(path));
}

export async function post(path, body) {
  const headers = { "content-type": "application/json" };
  return answer(await fetch(path, { method: "POST", headers, body: JSON.stringify(body) }));
}

// Begins work and waits for its end; `report` hears of each step.
export async function work(body, report) {
  const { number } = await post("api/apply", body);
  for (;;) {
    const now = await get("api/work");
    if (now.number !== number) throw new Error("Other work came between.");
    if (now.state === "done") return now.answer;
    if (now.state === "failed") throw new Error(now.error);
    report(now.step);
    await new Promise((done) => setTimeout(done, 150));
  }
}
