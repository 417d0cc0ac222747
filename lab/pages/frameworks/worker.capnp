# The worker as workerd serves it.

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "program", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:8000", http = (), service = "program")],
);

const worker :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
  compatibilityDate = "2024-09-23",
  compatibilityFlags = ["nodejs_als"],
);
