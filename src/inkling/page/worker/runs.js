/** Runs: answers that take many message turns: others are answered in between, and a run can be cancelled. */

/**
 * The numbers of the runs that are under way; one that is cancelled is taken out.
 *
 * @type {Set<number>}
 */
const runs = new Set();

/**
 * What a run answers.
 *
 * @template T
 * @param {number} id of the message that asks for it
 * @param {(goesOn: () => Promise<boolean>) => Promise<T>} compute waits for `goesOn` between its steps, which leaves
 *   other questions a turn, and ends where it is false
 * @returns {Promise<T>}
 */
export async function asRun(id, compute) {
  runs.add(id);
  try {
    return await compute(async () => {
      await new Promise((next) => setTimeout(next));
      return runs.has(id);
    });
  } finally {
    runs.delete(id);
  }
}

export const ofRuns = {
  cancel(/** @type {{run: number}} */ { run }) {
    runs.delete(run);
  },
};
