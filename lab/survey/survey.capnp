# The worker that runs the survey; survey.worker.mjs is what columns.ts makes of program.ts.

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (services = [(name = "main", worker = .worker)]);

const worker :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "survey.worker.mjs")],
  # Newer than the date of the contract's tests (lab/runtimes/bundle.ts): with that one MessagePort,
  # node:fs and much of node:http are not there to be tried.
  compatibilityDate = "2026-01-01",
  compatibilityFlags = ["nodejs_compat"],
  globalOutbound = "main",
);
