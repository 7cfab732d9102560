/** The state of the page: one object that is replaced as a whole, and everybody who wants to know of it. */

/** @typedef {import("./types.js").State} State */

export class Store {
  /** @param {State} state */
  constructor(state) {
    this.state = state;
    /** @type {Set<(state: State, before: State) => void>} */
    this.listeners = new Set();
  }

  /**
   * Change some entries. Listeners are told once, and only where something has changed.
   *
   * @param {Partial<State>} changes
   */
  set(changes) {
    const before = this.state;
    const after = { ...before, ...changes };
    const names = /** @type {(keyof State)[]} */ (Object.keys(changes));
    if (names.every((name) => before[name] === after[name])) return;
    this.state = after;
    for (const listener of this.listeners) listener(after, before);
  }

  /** @param {(state: State, before: State) => void} listener */
  subscribe(listener) {
    this.listeners.add(listener);
  }
}
