/**
 * Asking for what is newest: one question at a time, and questions that are out of date before they are asked are
 * dropped.
 */

/**
 * @template Q, A
 * @param {(question: Q) => Promise<A>} ask
 * @param {(answer: A, question: Q) => void} onAnswer not called for an answer to a question that is out of date
 * @param {(error: Error) => void} onError
 * @returns {(question: Q) => Promise<void>}
 */
export function latest(ask, onAnswer, onError) {
  let busy = false;
  /** @type {{question: Q} | null} */
  let next = null;
  return async (question) => {
    next = { question };
    if (busy) return;
    busy = true;
    while (next) {
      const asked = /** @type {{question: Q}} */ (next);
      next = null;
      try {
        const answer = await ask(asked.question);
        if (!next) onAnswer(answer, asked.question);
      } catch (error) {
        onError(/** @type {Error} */ (error));
      }
    }
    busy = false;
  };
}
