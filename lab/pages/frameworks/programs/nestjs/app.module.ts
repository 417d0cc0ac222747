/**
 * A NestJS application: middleware, a guard, an interceptor, a filter and a controller.
 *
 * It calls its decorators: Node.js runs TypeScript only without their syntax.
 */

import "reflect-metadata";
import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
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
import { begin, fail, hello, lines, listen, pause, see, work } from "../../probe.ts";

type NestRequest = { headers: Record<string, string | undefined> };

function logIn(request: NestRequest, response: ServerResponse, next: () => void): void {
  listen(response, request.headers["x-user"]);
  begin(request.headers["x-user"]);
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
    host.switchToHttp().getResponse().status(500).send(hello("filter", nameOf(host)));
  }
}
Reflect.decorate([Catch()], Filter);

class AppController {
  read(request: NestRequest): Promise<string> {
    return work(request.headers["x-user"]);
  }

  write(request: NestRequest): Promise<string> {
    return this.read(request);
  }

  stream(request: NestRequest): StreamableFile {
    const body = Readable.from(lines("generator", request.headers["x-user"]), {
      objectMode: false,
    });
    return new StreamableFile(body);
  }

  fail(): Promise<never> {
    return fail();
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
