/** The second model of a comparison: from a file, one of the bundled ones, or the one that an address names. */

import { nameAndHash, readTag, tagOf } from "../model_tag.js";
import { shapeText } from "../numbers.js";
import { request } from "../server.js";

/** @typedef {import("../types.js").ModelInfo} ModelInfo */

export const BUNDLED = ["reader", "tiny"];

export class SecondModel {
  /**
   * @param {import("../types.js").Page} page
   * @param {() => void} onChange
   */
  constructor(page, onChange) {
    this.page = page;
    this.onChange = onChange;
    /** @type {ModelInfo | null} */
    this.model = null; // what the engine's second slot holds
    /** @type {import("../model_tag.js").Tag | null} */
    this.wanted = null; // the one that an address names
    /** @type {string | null} */
    this.told = null; // the one that the state last named
    this.isPending = false; // whether one is being opened
    this.problem = ""; // why it cannot be compared
    this.openings = 0;
  }

  /** That another model is opened than an exercise was made with; "" where there is nothing to say. */
  get note() {
    const { wanted, model } = this;
    if (!wanted || this.isPending || wanted.hash === model?.hash) return "";
    const made = `This exercise compares with the model ${nameAndHash(wanted)}`;
    return model ? `${made}; opened is ${nameAndHash(model)}.` : `${made}: open its file.`;
  }

  /** The model that an address names: a bundled one is fetched; any other has to be opened. */
  followAddress() {
    const { compared: named } = this.page.store.state;
    if (named === this.told) return;
    this.told = named;
    this.wanted = readTag(named);
    this.openings++; // A file that is still on its way belongs to an earlier address.
    this.isPending = false;
    if (!this.wanted) {
      this.model = null;
      this.problem = "";
    } else if (this.page.served && BUNDLED.includes(this.wanted.name) && this.wanted.hash !== this.model?.hash) {
      this.openBundled(this.wanted.name);
    }
  }

  /** @param {File} file */
  chooseFile(file) {
    return this.choose(this.open(file.name.replace(/\.safetensors$/, ""), () => file.arrayBuffer()));
  }

  /** @param {string} name */
  chooseBundled(name) {
    return this.choose(this.openBundled(name));
  }

  /**
   * What people have opened themselves is what the address names from then on; else what it has named before.
   *
   * @param {Promise<boolean>} opened
   */
  async choose(opened) {
    this.onChange();
    if (!(await opened)) return;
    this.told = this.model ? tagOf(this.model) : (this.wanted?.tag ?? null);
    this.page.store.set({ compared: this.told });
  }

  /** @param {string} name */
  openBundled(name) {
    return this.open(name, async () => (await request(`model?name=${name}`)).arrayBuffer());
  }

  /**
   * @param {string} name
   * @param {() => Promise<ArrayBuffer>} file
   * @returns {Promise<boolean>} whether this is still the newest that was asked for, whichever file comes first
   */
  async open(name, file) {
    const opening = ++this.openings;
    const isOld = () => opening !== this.openings;
    this.isPending = true;
    try {
      const content = await file();
      if (isOld()) return false;
      this.model = null; // The engine's slot is given to the new one.
      const model = await this.page.engine.load(content, name, "second");
      if (isOld()) return false;
      requireComparable(model, this.page.model);
      [this.model, this.problem] = [model, ""];
    } catch (error) {
      if (isOld()) return false;
      this.model = null;
      this.problem = `${name} cannot be compared: ${/** @type {Error} */ (error).message}.`;
    }
    this.isPending = false;
    this.onChange();
    return true;
  }
}

/**
 * @param {ModelInfo} second
 * @param {ModelInfo} first
 */
function requireComparable(second, first) {
  const [taken, wanted] = [second, first].map(({ inputShape }) => shapeText(inputShape));
  if (second.unknown.length) throw new Error(`the page's engine does not know its layer ${second.unknown[0].name}`);
  if (taken !== wanted) throw new Error(`it takes images of ${taken}, and the other model those of ${wanted}`);
}
