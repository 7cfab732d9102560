/** What the page asks of the server's training: its state, and orders, which the server refuses in one sentence. */

import { request } from "../server.js";

/**
 * @typedef {{name: string, description: string, epochs: number, lr: number, batch_size: number | "full",
 *   schedule: string, seed: number, parameters: number}} RecipeInfo
 * @typedef {{state: string, sentence: string, may_start: boolean, has_model: boolean, data: string,
 *   recipes: RecipeInfo[], run: any, history: any[]}} TrainingState
 */

/** @returns {Promise<TrainingState>} */
export async function fetchTraining() {
  return (await request("training", { cache: "no-store" })).json();
}

/**
 * @param {"start" | "stop" | "resume" | "rate"} what
 * @param {Record<string, any>} [body]
 * @returns {Promise<TrainingState>}
 */
export async function order(what, body) {
  const content = body ? { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) } : {};
  return (await request(`training/${what}`, { method: "POST", ...content })).json();
}
