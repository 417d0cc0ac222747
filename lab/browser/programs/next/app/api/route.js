import { user } from "../../table.js";

export async function GET(request) {
  const name = request.nextUrl.searchParams.get("name");
  if (name !== null) user.set(name);
  await new Promise((resolve) => setTimeout(resolve, 2));
  return new Response(user.get());
}
