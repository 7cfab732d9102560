/** Requests to `inkling serve`, with a token where it requires one. The token stays in this tab. */

import { h } from "./dom.js";

const STORED = "inkling-token";

export class TokenWanted extends Error {}

/** The service refuses, by this status and a sentence. */
export class Refused extends Error {
  /**
   * @param {string} sentence
   * @param {number} status
   */
  constructor(sentence, status) {
    super(sentence);
    this.status = status;
  }
}

/**
 * The answer of the service; Refused with its sentence where it refuses, TokenWanted where it requires another token.
 *
 * @param {string} path relative to the page, such as "read?single=true"
 * @param {RequestInit} [options]
 * @returns {Promise<Response>}
 */
export async function request(path, options = {}) {
  const headers = new Headers(options.headers);
  const token = sessionStorage.getItem(STORED);
  if (token) headers.set("Authorization", `Bearer ${token}`);
  const answer = await fetch(path, { ...options, headers });
  if (answer.ok) return answer;
  if (answer.status === 401) throw new TokenWanted("the service requires a token");
  throw new Refused(await sentenceOf(answer), answer.status);
}

/** @param {Response} answer */
async function sentenceOf(answer) {
  try {
    const { error } = await answer.json();
    if (typeof error === "string") return error;
  } catch {
    // No JSON: the status has to do.
  }
  return `the service answers with status ${answer.status}`;
}

/** A form that asks for the token and opens the page with it. */
export function createTokenForm() {
  const input = h("input", { type: "password", autocomplete: "off", required: true });
  const enter = (/** @type {Event} */ event) => {
    event.preventDefault();
    sessionStorage.setItem(STORED, input.value.trim());
    location.reload();
  };
  const label = h("label", { class: "row" }, "Token ", input);
  const what = h(
    "p",
    {},
    "This service needs a token. Ask the person who started it (option --token or variable INKLING_TOKEN).",
  );
  return h("form", { class: "panel inside", submit: enter }, what, label, h("button", { class: "primary" }, "Open"));
}
