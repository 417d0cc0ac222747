import { Context } from "@contextvars/contextvars";
import { user } from "../table.js";

export const handle = new Context().bind(async ({ event, resolve }) => {
  const name = event.url.searchParams.get("name");
  if (name !== null) user.set(name);
  await new Promise((resolve) => setTimeout(resolve, 2));
  return resolve(event);
});
