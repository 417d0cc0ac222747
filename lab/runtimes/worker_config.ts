/**
 * Returns the configuration of a worker, for `workerd test`, and for `workerd serve`, on a socket
 * named `http`. All that it connects to is itself.
 */
export function workerConfig(file: string, date: string, flags: readonly string[]): string {
  return `using Workerd = import "/workerd/workerd.capnp";
    const config :Workerd.Config = (
      services = [(name = "main", worker = .worker)],
      sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
    );
    const worker :Workerd.Worker = (
      modules = [(name = "worker", esModule = embed "${file}")],
      compatibilityDate = "${date}",
      compatibilityFlags = ${JSON.stringify(flags)},
      globalOutbound = "main",
    );`;
}
