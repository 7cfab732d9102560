/** Tabs: one view is shown at a time; arrow keys step through them. */

import { fill, h } from "./dom.js";

/** @typedef {import("./types.js").View} View */

/**
 * @typedef {object} Tab
 * @property {string} name as in the state
 * @property {string} title
 * @property {() => View} create called when the tab is first shown
 */

export class Tabs {
  /**
   * @param {HTMLElement} list
   * @param {HTMLElement} panel
   * @param {Tab[]} tabs
   * @param {import("./store.js").Store} store
   */
  constructor(list, panel, tabs, store) {
    this.tabs = tabs;
    this.panel = panel;
    this.store = store;
    /** @type {Map<string, View>} */
    this.views = new Map();
    this.shown = "";
    this.buttons = tabs.map(({ name, title }) => {
      const click = () => store.set({ view: name });
      return h("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": panel.id, click }, title);
    });
    panel.setAttribute("role", "tabpanel");
    list.addEventListener("keydown", (event) => this.onKey(/** @type {KeyboardEvent} */ (event)));
    fill(list, ...this.buttons);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const steps = { ArrowRight: 1, ArrowLeft: -1 };
    if (!(event.key in steps)) return;
    const at = this.tabs.findIndex(({ name }) => name === this.store.state.view);
    const count = this.tabs.length;
    const next = (at + steps[/** @type {keyof steps} */ (event.key)] + count) % count;
    this.store.set({ view: this.tabs[next].name });
    this.buttons[next].focus();
    event.preventDefault();
  }

  /** Show the view of the state, brought up to date. */
  update() {
    const wanted = this.tabs.find(({ name }) => name === this.store.state.view) ?? this.tabs[0];
    if (!this.views.has(wanted.name)) this.views.set(wanted.name, wanted.create());
    const view = /** @type {View} */ (this.views.get(wanted.name));
    if (this.shown !== wanted.name) {
      this.shown = wanted.name;
      fill(this.panel, view.element);
      this.panel.setAttribute("aria-labelledby", `tab-${wanted.name}`);
      this.buttons.forEach((button, i) => {
        const chosen = this.tabs[i] === wanted;
        button.setAttribute("aria-selected", String(chosen));
        button.tabIndex = chosen ? 0 : -1;
      });
    }
    view.update();
  }
}
