// Tasks of the analysis, run to their end.

/** All that a task says on its way, and its answer. */
export function heard(task) {
  const said = [];
  for (;;) {
    const { done, value } = task.next();
    if (done) return { said, found: value };
    said.push(value);
  }
}
