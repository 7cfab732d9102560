/** The address after its #: written by the page, changed by hand, by a link or by the browser's Back. */

export class AddressBar {
  #known = location.hash;

  /**
   * What is asked for by hand is not written over: its hashchange event may still be to come.
   *
   * @param {string} hash with the #
   */
  write(hash) {
    if (location.hash !== this.#known) return;
    history.replaceState(null, "", hash);
    this.#known = location.hash;
  }

  /**
   * Call with each address that was not written by the page, one that came before this call included.
   *
   * @param {(hash: string) => void} act
   */
  listen(act) {
    const look = () => {
      if (location.hash === this.#known) return;
      this.#known = location.hash;
      act(location.hash);
    };
    addEventListener("hashchange", look);
    look();
  }
}
