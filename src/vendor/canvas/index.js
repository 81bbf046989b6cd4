"use strict";

// chartjs-node-canvas asks for node-canvas, whose install needs a compiler and system libraries.
// @napi-rs/canvas ships binaries and offers the same interface but for two things, bridged here:
// a canvas of type "pdf", and toBuffer() of a canvas of type "svg".
const napi = require("@napi-rs/canvas/node-canvas.js");

function createPdfCanvas(width, height) {
  const document = new napi.PDFDocument();
  const context = document.beginPage(width, height);
  const canvas = {
    width,
    height,
    style: {},
    getContext: () => context,
    toBuffer() {
      document.endPage();
      return document.close();
    },
  };
  Object.defineProperty(context, "canvas", { value: canvas, configurable: true });
  return canvas;
}

function createCanvas(width, height, type) {
  if (type === "pdf") return createPdfCanvas(width, height);
  const canvas = napi.createCanvas(width, height, type);
  if (type === "svg") canvas.toBuffer = () => canvas.getContent();
  return canvas;
}

module.exports = { ...napi, createCanvas };
