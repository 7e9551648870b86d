// Stands in for the binding AI in tests: it takes and gives what Workers AI does, and knows three models.
import { WorkerEntrypoint } from "cloudflare:workers";

export default class extends WorkerEntrypoint {
  async run(model, inputs) {
    const task = JSON.parse(inputs.messages.find(({ role }) => role === "user").content);
    const keywords = task.given.map((keyword) => `alpine ${keyword}`);
    if (model === "@cf/test/text") return { response: JSON.stringify(keywords), usage: { total_tokens: 7 } };
    if (model === "@cf/test/hang") return new Promise(() => setTimeout(() => {}, 60_000));
    throw new Error(`5007: No such model ${model} or task`);
  }
}
