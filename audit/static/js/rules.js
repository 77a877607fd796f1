// The rules of a checklist on the tablet. They follow the server's, case by case, in tests/vectors;
// where the two should ever differ, the server decides.
//
// A situation is {services: Set, repeats: {group: [{id, label}]}, given: Map of key to response};
// a response is {parts, absent, reason, comment, method, corrected}; days are "2026-11-23".

export { asked, holds, keyOf, lacking } from "./asking.js";
export { findings, judged, outcome, standings } from "./findings.js";
export { judge } from "./judging.js";
export { progress } from "./progress.js";
export { allowAbsence, read, stored } from "./reading.js";
export { say, spokenDay } from "./saying.js";
export { Refusal } from "./texts.js";
