const alias = { "node:async_hooks": { browser: "data:application/json,{}" } };

export default { turbopack: { resolveAlias: alias } };
