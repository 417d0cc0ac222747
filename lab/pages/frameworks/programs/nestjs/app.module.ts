/**
 * A NestJS application: middleware, a guard, an interceptor, a filter and a controller.
 *
 * It calls its decorators: Node.js runs TypeScript only without their syntax.
 */

import "reflect-metadata";
import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { ContextVar, currentContext } from "@contextvars/contextvars";
import {
  type ArgumentsHost,
  type CallHandler,
  Catch,
  Controller,
  type ExecutionContext,
  Get,
  type MiddlewareConsumer,
  Module,
  Post,
  Req,
  StreamableFile,
  UseFilters,
  UseGuards,
  UseInterceptors,
} from "@nestjs/common";
import { map, type Observable, tap } from "rxjs";
import { countReads, pause, seeHelped } from "../../probe.ts";

const user = new ContextVar("user", { default: "anonymous" });
const see = countReads(user);

type NestRequest = { headers: Record<string, string | undefined> };

function logIn(request: NestRequest, response: ServerResponse, next: () => void): void {
  const name = request.headers["x-user"];
  see("start", null);
  response.on("finish", () => see("finish", name));
  response.on("close", () => see("close", name));
  response.on("close", currentContext().bind(() => see("close, bound", name)));
  if (name !== undefined) user.set(name);
  next();
}

function nameOf(context: Pick<ExecutionContext, "switchToHttp">): string | undefined {
  return context.switchToHttp().getRequest<NestRequest>().headers["x-user"];
}

class Guard {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    await pause();
    see("guard", nameOf(context));
    return true;
  }
}

class Interceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    see("interceptor", nameOf(context));
    return next.handle().pipe(tap(() => see("observable", nameOf(context))), map((it) => it));
  }
}

class Filter {
  catch(_error: unknown, host: ArgumentsHost): void {
    see("filter", nameOf(host));
    host.switchToHttp().getResponse().status(500).send(`sorry, ${user.get()}\n`);
  }
}
Reflect.decorate([Catch()], Filter);

class AppController {
  async read(request: NestRequest): Promise<string> {
    await pause(request.headers["x-user"]);
    seeHelped(request.headers["x-user"]);
    see("controller", request.headers["x-user"]);
    return `hello, ${user.get()}\n`;
  }

  write(request: NestRequest): Promise<string> {
    return this.read(request);
  }

  stream(request: NestRequest): StreamableFile {
    async function* lines(): AsyncGenerator<string> {
      for (let left = 3; left > 0; left--) {
        await pause();
        see("generator", request.headers["x-user"]);
        yield `${user.get()}\n`;
      }
    }
    return new StreamableFile(Readable.from(lines(), { objectMode: false }));
  }

  async fail(): Promise<never> {
    await pause();
    throw new Error();
  }
}
const methods = AppController.prototype;
decorate("read", Get());
decorate("write", Post());
decorate("stream", Get("stream"));
decorate("fail", Get("error"));
Reflect.decorate([
  Controller(),
  UseGuards(Guard),
  UseInterceptors(Interceptor),
  UseFilters(Filter),
], AppController);

function decorate(name: keyof AppController, ...decorators: MethodDecorator[]): void {
  Req()(methods, name, 0);
  Reflect.decorate(decorators, methods, name, Object.getOwnPropertyDescriptor(methods, name)!);
}

export class AppModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(logIn).forRoutes("{*path}");
  }
}
Reflect.decorate([Module({ controllers: [AppController] })], AppModule);
