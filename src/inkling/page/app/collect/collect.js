/** Collect: drawings with their true class become data to train, evaluate or adapt a model with. */

import { collectedHelp } from "./help.js";
import { csvOf, download, foldersOf } from "./collected_files.js";
import { fill, h } from "../dom.js";
import { keep, keptBefore } from "./keeping.js";
import { inputOf } from "../thinking.js";
import { thumbnail } from "../figures/thumbnail.js";

/** @typedef {import("../types.js").Page} Page */
/** @typedef {import("./keeping.js").Kept} Kept */

/**
 * @param {Page} page
 * @returns {import("../types.js").View}
 */
export function createCollectView(page) {
  return new CollectView(page);
}

class CollectView {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.names = page.model.classNames;
    this.list = keptBefore().filter(({ label }) => label < this.names.length);
    /** @type {number | null} */
    this.label = null;
    this.choices = this.names.map((name, label) => {
      return h("button", { type: "button", "aria-pressed": "false", click: () => this.choose(label) }, name);
    });
    this.add = h(
      "button",
      { type: "button", class: "primary", id: "collect-keep", click: () => this.keepDrawing() },
      "Keep this drawing",
    );
    this.csv = h("button", { type: "button", click: () => this.save("csv") }, "Table (CSV)");
    this.zip = h("button", { type: "button", click: () => this.save("zip") }, "Folders of pictures (ZIP)");
    this.counts = h("p", { class: "collect-counts", "aria-live": "polite" });
    this.notice = h("p", { class: "notice", hidden: true });
    this.drawings = h("ul", { class: "collect-list", "aria-label": "Kept drawings" });
    const choices = h(
      "div",
      { class: "row", role: "group", "aria-label": "True digit of the drawing" },
      ...this.choices,
    );
    this.element = h(
      "div",
      { class: "collect panel" },
      h("h2", {}, "Collect drawings"),
      h(
        "p",
        { class: "muted" },
        "Draw, choose the true digit, keep. Drawings are stored in this tab only. They survive a reload and are lost " +
          "when the tab is closed.",
      ),
      h("div", { class: "row" }, choices, this.add),
      this.counts,
      this.notice,
      this.drawings,
      h("div", { class: "row", role: "group", "aria-label": "Download" }, this.csv, this.zip),
      collectedHelp(page.announce),
    );
    this.showList();
  }

  update() {
    const thought = this.page.thought();
    this.add.disabled = this.label === null || !thought || thought.blank;
    this.choices.forEach((choice, label) => choice.setAttribute("aria-pressed", String(label === this.label)));
  }

  /** @param {number} label */
  choose(label) {
    this.label = label;
    this.update();
  }

  /** The drawing as it is now, with the 28×28 that the engine makes of it. */
  async keepDrawing() {
    const { label } = this;
    const { strokes, width, picture } = this.page.store.state;
    if (label === null) return;
    const { image } = await this.page.engine.normalize(inputOf(this.page.store.state));
    this.list = [...this.list, { label, image, strokes: picture ? [] : strokes, width }];
    this.changed();
    this.page.announce(`Kept as ${this.names[label]}: ${this.list.length} in all.`);
  }

  /** @param {Kept} kept */
  remove(kept) {
    const place = this.list.indexOf(kept);
    this.list = this.list.filter((each) => each !== kept);
    this.changed();
    const buttons = this.drawings.querySelectorAll("button");
    (buttons[Math.min(place, buttons.length - 1)] ?? this.choices[0]).focus();
    this.page.announce(`Deleted: ${this.list.length} are left.`);
  }

  changed() {
    const stored = keep(this.list);
    this.notice.hidden = stored;
    if (!stored)
      fill(this.notice, "This browser stores no more: download the drawings before you reload or close the tab.");
    this.showList();
  }

  showList() {
    const perClass = this.names.map((name, label) => [name, this.list.filter((each) => each.label === label).length]);
    const counts = perClass.filter(([, count]) => count).map(([name, count]) => `${name}: ${count}`);
    fill(this.counts, counts.length ? `${this.list.length} kept. ${counts.join(" · ")}` : "Nothing is kept yet.");
    fill(this.drawings, ...this.list.map((kept, place) => this.item(kept, place)));
    for (const button of [this.csv, this.zip]) button.disabled = !this.list.length;
  }

  /**
   * @param {Kept} kept
   * @param {number} place
   */
  item(kept, place) {
    const name = this.names[kept.label];
    const remove = h(
      "button",
      { type: "button", "aria-label": `Delete drawing ${place + 1}, a ${name}`, click: () => this.remove(kept) },
      "×",
    );
    return h("li", {}, thumbnail(kept.image, `drawing ${place + 1}, kept as ${name}`), h("span", {}, name), remove);
  }

  /** @param {"csv" | "zip"} kind */
  save(kind) {
    if (kind === "csv") download("drawings.csv", csvOf(this.list, this.names), "text/csv");
    else download("drawings.zip", foldersOf(this.list, this.names), "application/zip");
  }
}
