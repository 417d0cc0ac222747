/** NestJS. */

import "@contextvars/contextvars/servers";
import { NestFactory } from "@nestjs/core";
import { AppModule } from "./app.module.ts";

const app = await NestFactory.create(AppModule, { logger: false });
await app.listen(8000, "127.0.0.1");
