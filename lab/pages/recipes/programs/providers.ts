/** Dependency injection, with NestJS: a service gets a function that asks for the user. */

import "reflect-metadata";
import { ContextVar } from "@contextvars/contextvars";
import { Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { conclude, concurrently, count, turns } from "../tally.ts";

const user = new ContextVar("user", { default: "-" });

const currentUser = () => user.get();

class Greeter {
  readonly #currentUser: () => string;

  constructor(currentUser: () => string) {
    this.#currentUser = currentUser;
  }

  async greet(): Promise<string> {
    await turns();
    return `hello, ${this.#currentUser()}`;
  }
}

class AppModule {}

const CURRENT_USER = Symbol("CURRENT_USER");

const currentUserProvider = { provide: CURRENT_USER, useValue: currentUser };

Module({
  providers: [
    currentUserProvider,
    { provide: Greeter, useFactory: (ask) => new Greeter(ask), inject: [CURRENT_USER] },
  ],
})(AppModule);

const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
const greeter = app.get(Greeter);
await concurrently(user, async (name) => {
  count(await greeter.greet(), `hello, ${name}`);
});
conclude(200);

// wrong, a value in place of the function: useValue: currentUser } ~> useValue: ((name) => () => name)(user.get()) }
