/** NestJS: docs/frameworks.md has the lines to copy. */

import { Context } from "@contextvars/contextvars";
import { NestFactory } from "@nestjs/core";
import { AppModule } from "./app.module.ts";

const app = await NestFactory.create(AppModule);
app.use((_request: unknown, _response: unknown, next: () => void) => new Context().run(next));
await app.listen(8000, "127.0.0.1");
