/** `@std/testing/bdd`, where JSR cannot be reached: what its authors recommend in its place. */

export {
  after as afterAll,
  afterEach,
  before as beforeAll,
  beforeEach,
  describe,
  it,
} from "node:test";
