// Draws graphs with Mermaid itself, on a page that nobody sees, and says what is in each.
//
// In: the path of a file with a list of texts. Out: for each text the nodes by their ids, the edges
// in their order, and the lines of every label as a reader has them before him; or the error.

import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";

const page = new JSDOM("<body></body>", { pretendToBeVisual: true }).window;
page.SVGElement.prototype.getBBox = () => ({ x: 0, y: 0, width: 100, height: 20 });
page.SVGElement.prototype.getComputedTextLength = () => 100;
globalThis.window = page;
for (const name of ["document", "Element", "SVGElement", "CSSStyleSheet", "getComputedStyle"]) {
  globalThis[name] = page[name];
}
const mermaid = (await import("mermaid")).default;
mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });

const keptApart = /(?<=[$:\\])\u2060/g; // of a formula, an icon or a line end; nobody sees it

function lines(label) {
  const copy = label.cloneNode(true);
  for (const broken of copy.querySelectorAll("br")) broken.replaceWith("\n");
  return copy.textContent.split("\n").map((line) => line.replace(keptApart, "").trim());
}

async function drawn(text, number) {
  try {
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
    const { svg } = await mermaid.render(`g${number}`, text);
    page.document.body.innerHTML = svg;
    const find = (selector) => [...page.document.querySelectorAll(selector)];
    const labels = (kind) => find(kind).map((label) => lines(label));
    return {
      vertices: [...db.getVertices().keys()],
      edges: db.getEdges().map((edge) => [edge.start, edge.end]),
      drawn: find("g.node").map((node) => node.id.split("-")[2]),
      nodeLabels: labels("g.node .nodeLabel"),
      edgeLabels: labels("g.edgeLabels .edgeLabel .edgeLabel"),
      tags: [...new Set(find(".nodeLabel *, .edgeLabel .edgeLabel *").map((found) => found.localName))].sort(),
    };
  } catch (error) {
    return { error: String(error) };
  }
}

const found = [];
for (const [number, text] of JSON.parse(readFileSync(process.argv[1], "utf8")).entries()) {
  found.push(await drawn(text, number));
}
console.log(JSON.stringify(found));
