/** Where the page's model comes from: an exported page carries it along, `inkling serve` hands it out. */

import { byId } from "./dom.js";
import { Refused, request } from "./server.js";

/**
 * The bytes and the name of the model, and whether a server stands behind the page.
 *
 * @returns {Promise<{file: ArrayBuffer, name: string, served: boolean}>}
 */
export async function fetchModel() {
  const carried = document.getElementById("model-data");
  if (carried) {
    const binary = atob((carried.textContent ?? "").trim());
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i); // Uint8Array.from takes 100 ms for a reader
    return { file: bytes.buffer, name: carried.dataset.name ?? "model", served: false };
  }
  const trained = await trainedModel();
  if (trained) return { file: trained, name: "the trained model", served: true };
  const [file, about] = await Promise.all([request("model"), request("about")]);
  const { title } = await about.json();
  return { file: await file.arrayBuffer(), name: title, served: true };
}

/** The model that was trained on the page, where the address asks for it and the server still has it. */
async function trainedModel() {
  if (!isTrained()) return null;
  try {
    return await (await request("training/model")).arrayBuffer();
  } catch (error) {
    if (!(error instanceof Refused && error.status === 404)) throw error;
    history.replaceState(null, "", `${location.pathname}${location.hash}`);
    byId("status").textContent =
      "The server has no trained model any more: this is the model that it was started with.";
    return null;
  }
}

/** Whether the page's model is the trained one, while the server itself reads with another. */
export function isTrained() {
  return new URLSearchParams(location.search).get("model") === "training";
}
