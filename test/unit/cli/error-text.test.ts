import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { errorsJson, errorsText, faultText, inputErrors } from "../../../src/cli/error-text.js";
import { InternalFault, WirelatError, WirelatErrors } from "../../../src/errors/index.js";
import { plainStyle } from "../../../src/report/index.js";

const unknown = new WirelatError("key-unknown", 'unknown key "moderaton"; nic/generic-10g takes moderation', {
  place: { file: "my.yaml", line: 14, column: 12, path: "hosts.gw.nic.moderaton", excerpt: "  nic: { moderaton: 1 }\n         ^" },
  remedy: 'Did you mean "moderation"?',
});

describe("the text of an error", () => {
  test("names place and path, then what is wrong and what to do, then shows the line", () => {
    assert.equal(errorsText([unknown], plainStyle), [
      "my.yaml:14:12  hosts.gw.nic.moderaton",
      '  unknown key "moderaton"; nic/generic-10g takes moderation. Did you mean "moderation"? [key-unknown]',
      "      nic: { moderaton: 1 }",
      "             ^",
      "",
    ].join("\n"));
  });

  test("without a place says that it is an error; several are counted", () => {
    const plain = new WirelatError("option-value", 'there is no "x"', { remedy: "leave it out" });
    assert.equal(errorsText([plain, plain], plainStyle), 'error: there is no "x". Leave it out. [option-value]\n\nerror: there is no "x". Leave it out. [option-value]\n\n2 errors.\n');
  });

  test("as JSON has code, message, remedy and place, null where there is none", () => {
    assert.deepEqual(JSON.parse(errorsJson([unknown, new WirelatError("interrupted", "stopped")])), {
      errors: [
        { code: "key-unknown", message: unknown.message, remedy: unknown.remedy, place: { file: "my.yaml", line: 14, column: 12, path: "hosts.gw.nic.moderaton" } },
        { code: "interrupted", message: "stopped", remedy: null, place: null },
      ],
    });
  });

  test("of the simulator itself asks for a report and shows the stack only when asked to", () => {
    const fault = new InternalFault("a promise was broken");
    assert.equal(inputErrors(fault), null);
    assert.deepEqual(inputErrors(new WirelatErrors([unknown])), [unknown]);
    const text = faultText(fault, false);
    assert.match(text, /^internal fault: a promise was broken\nThis is a fault of wirelat, not of your input\. Please report it/u);
    assert.doesNotMatch(text, /error-text\.test/u);
    assert.match(faultText(fault, true), /error-text\.test/u);
  });
});
