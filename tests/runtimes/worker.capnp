# A Cloudflare Worker as workerd serves it, on whatever port is free.

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "conformance", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "conformance")],
);

const worker :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
  # Old on purpose: the module needs nothing newer. From this date on nodejs_compat includes
  # nodejs_compat_v2, and is what people now know by that name.
  compatibilityDate = "2024-09-23",
  compatibilityFlags = ["nodejs_compat"],
);
