import { user } from "../table.js";
import Client from "./client.jsx";

export default async function Page({ searchParams }) {
  const { name } = await searchParams;
  if (name !== undefined) user.set(name);
  await new Promise((resolve) => setTimeout(resolve, 2));
  return (
    <main>
      <Greeting />
      <Client />
    </main>
  );
}

async function Greeting() {
  await null;
  return <p>hello, {user.get()}</p>;
}
