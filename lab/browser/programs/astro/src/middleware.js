import { Context } from "@contextvars/contextvars";
import { user } from "../table.js";

export const onRequest = new Context().bind(async ({ url }, next) => {
  const name = url.searchParams.get("name");
  if (name !== null) user.set(name);
  await new Promise((resolve) => setTimeout(resolve, 2));
  return next();
});
