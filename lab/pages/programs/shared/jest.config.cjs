/** jest, from CommonJS, on Node.js before 24.9: has Babel compile this package. */

module.exports = {
  transform: {
    "\\.[cm]?[jt]s$": ["babel-jest", { plugins: ["@babel/plugin-transform-modules-commonjs"] }],
  },
  transformIgnorePatterns: ["/node_modules/(?!@contextvars/)"],
};
