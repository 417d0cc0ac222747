/** OpenTelemetry beside it: a callback has the values, and the span too, of who has registered it. */

import { AsyncLocalStorage } from "node:async_hooks";
import { copyContext } from "@contextvars/contextvars";
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
import { conclude, concurrently, count, requestId, turns } from "../shared/tally.ts";

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const tracer = new BasicTracerProvider().getTracer("recipes");

function bindWithSpan(callback: () => void): () => void {
  return AsyncLocalStorage.bind(copyContext().bind(callback));
}

const callbacks: (() => void)[] = [];

await concurrently((id) =>
  tracer.startActiveSpan("registers", async (span) => {
    await turns();
    const callback = bindWithSpan(() => {
      count(requestId.get(), id);
      count(trace.getActiveSpan()?.spanContext().spanId, span.spanContext().spanId);
      requestId.set("the call's own");
    });
    callbacks.push(callback, callback);
  })
);
await concurrently(() =>
  tracer.startActiveSpan("calls", () => {
    callbacks.pop()!();
    callbacks.pop()!();
  })
);
conclude(800);

// wrong, not bound: AsyncLocalStorage.bind(copyContext().bind(callback)) ~> callback
// wrong, without the span: AsyncLocalStorage.bind(copyContext().bind(callback)) ~> copyContext().bind(callback)
// wrong, in the task's own context: copyContext().bind(callback) ~> callback
