// Unit tests of requests. Run by posts/tests/test_scripts.py.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { mock, test } from "node:test";

import { get } from "../../../static/js/request.js";

test("request whose body does not arrive in time is rejected", async (context) => {
  const server = createServer((_request, response) => response.write("first half"));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => server.closeAllConnections());
  context.after(() => server.close());
  mock.timers.enable({ apis: ["setTimeout"] });
  const headers = context.mock.method(globalThis, "fetch"); // still the real function

  const response = get(`http://127.0.0.1:${server.address().port}/`);
  await headers.mock.calls[0].result;
  mock.timers.tick(30_000);

  await assert.rejects(response, { name: "AbortError" });
});
