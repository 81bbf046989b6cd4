export { ContractSuite, type ContractOptions, type ContractReport, type Verdict } from "./check-model.js";
export { exampleArguments, exampleStep } from "./example.js";
export { argumentDefault, defaultText, unitText } from "./describe.js";
