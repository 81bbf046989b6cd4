export { pluginOf, Plugins } from "./read-plugins.js";
