/** Waits until something holds that takes effect in a running server within a second (docs/book/operations.md). */
export async function until(holds, most = 10_000) {
  const limit = performance.now() + most;
  while (!(await holds())) {
    if (performance.now() > limit) throw new Error(`it never came: ${holds}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
