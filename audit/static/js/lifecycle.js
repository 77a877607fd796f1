// Where an audit stands, as the server names it.

const RECORDING = ["planned", "in_progress"];

// Whether responses still count.
export const isRecording = (state) => RECORDING.includes(state);
