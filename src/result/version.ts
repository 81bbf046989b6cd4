/** The version of the package; results carry it. A test holds it to package.json. */
export const VERSION = "0.1.0";
