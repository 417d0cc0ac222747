/**
 * NestJS: middleware, a guard, an interceptor, a filter, a controller, and a service that gets a
 * function that asks for the user.
 *
 * It calls its decorators: Node.js runs TypeScript only without their syntax.
 */

import "@contextvars/contextvars/servers";
import "reflect-metadata";
import { Readable } from "node:stream";
import {
  All,
  type ArgumentsHost,
  type CallHandler,
  Controller,
  type ExecutionContext,
  Get,
  Inject,
  Module,
  Req,
  StreamableFile,
} from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import type { NextFunction, Request, Response } from "express";
import { tap } from "rxjs";
import { begin, fail, hello, lines, listen, pause, see, user, work } from "../shared/probe.ts";

const currentUser = () => user.get();

const CURRENT_USER = Symbol("CURRENT_USER");

const currentUserProvider = { provide: CURRENT_USER, useValue: currentUser };

class AppController {
  readonly #currentUser: () => string;

  constructor(currentUser: () => string) {
    this.#currentUser = currentUser;
  }

  async read(request: Request): Promise<string> {
    await work(request.get("x-user"));
    return `hello, ${this.#currentUser()}`;
  }

  stream(request: Request): StreamableFile {
    const body = lines("streamed body", request.get("x-user"));
    return new StreamableFile(Readable.from(body, { objectMode: false }));
  }

  fail(): Promise<never> {
    return fail();
  }
}

const routes = { read: All(), stream: Get("stream"), fail: Get("error") };
for (const [name, route] of Object.entries(routes)) {
  const { prototype } = AppController;
  Req()(prototype, name, 0);
  route(prototype, name, Object.getOwnPropertyDescriptor(prototype, name)!);
}
Controller()(AppController);
Inject(CURRENT_USER)(AppController, undefined, 0);

class AppModule {}
Module({ controllers: [AppController], providers: [currentUserProvider] })(AppModule);

const nameOf = (host: ArgumentsHost) => host.switchToHttp().getRequest<Request>().get("x-user");

const app = await NestFactory.create(AppModule, { logger: false });
app.use((request: Request, response: Response, next: NextFunction) => {
  listen(response, request.get("x-user"));
  begin(request.get("x-user"));
  next();
});
app.useGlobalGuards({
  async canActivate(context: ExecutionContext) {
    await pause();
    see("guard", nameOf(context));
    return true;
  },
});
app.useGlobalInterceptors({
  intercept(context: ExecutionContext, next: CallHandler) {
    see("interceptor", nameOf(context));
    return next.handle().pipe(tap(() => see("observable", nameOf(context))));
  },
});
app.useGlobalFilters({
  catch(_error: unknown, host: ArgumentsHost) {
    host.switchToHttp().getResponse<Response>().status(500).send(hello("filter", nameOf(host)));
  },
});
await app.listen(8000, "127.0.0.1");

// asked for: usual, stream
// by its line: { logger: false }); ~> { logger: false });\napp.use((_request: unknown, _response: unknown, next: () => void) => new Context().run(next));
// wrong, a value in place of the function: useValue: currentUser } ~> useValue: ((name) => () => name)(user.get()) }
