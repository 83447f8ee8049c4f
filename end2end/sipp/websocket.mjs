// One call over WebSocket (RFC 7118): websocket.mjs HOST:PORT NUMBER. SIPp has no WebSocket; this is its stand-in.
// Ends with 0 when every message came as it should.
import { randomBytes } from "node:crypto";
import { connect } from "node:net";

const [place, number] = process.argv.slice(2);
const [host, port] = [place.slice(0, place.lastIndexOf(":")), Number(place.slice(place.lastIndexOf(":") + 1))];
const fail = (why) => {
  console.error(why);
  process.exit(1);
};
setTimeout(() => fail("no end in time"), 20_000);

// --- frames (RFC 6455 §5) --------------------------------------------------------------------------------------------------

const socket = connect(port, host);
let received = Buffer.alloc(0);
let open = false;
const waiting = [];
const messages = [];

function frame(text) {
  const body = Buffer.from(text);
  const mask = randomBytes(4);
  const head = body.length < 126 ? Buffer.from([0x81, 0x80 | body.length]) : Buffer.from([0x81, 0xfe, body.length >> 8, body.length & 255]);
  return Buffer.concat([head, mask, body.map((byte, at) => byte ^ mask[at % 4])]);
}

function take() {
  if (received.length < 2) return null;
  let [length, at] = [received[1] & 0x7f, 2];
  if (length === 126) {
    if (received.length < 4) return null;
    [length, at] = [received.readUInt16BE(2), 4];
  }
  if (received.length < at + length) return null;
  const text = received.subarray(at, at + length).toString();
  const kind = received[0] & 15;
  received = received.subarray(at + length);
  return kind === 1 || kind === 2 ? text : take();
}

socket.on("error", (error) => fail(error.message));
socket.on("connect", () =>
  socket.write(
    `GET / HTTP/1.1\r\nHost: ${place}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n` +
      `Sec-WebSocket-Protocol: sip\r\nSec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\n\r\n`,
  ),
);
socket.on("data", (bytes) => {
  received = Buffer.concat([received, bytes]);
  if (!open) {
    const end = received.indexOf("\r\n\r\n");
    if (end < 0) return;
    const head = received.subarray(0, end).toString();
    if (!head.startsWith("HTTP/1.1 101") || !/sec-websocket-protocol: sip/i.test(head)) fail(head);
    received = received.subarray(end + 4);
    open = true;
    call().catch((error) => fail(error.message));
  }
  for (let message = take(); message !== null; message = take()) {
    const next = waiting.shift();
    if (next) next(message);
    else messages.push(message);
  }
});

const next = () => (messages.length ? Promise.resolve(messages.shift()) : new Promise((heard) => waiting.push(heard)));
const header = (message, name) => message.match(new RegExp(`^${name}: *(.*?)\r$`, "im"))?.[1] ?? "";

// --- the call --------------------------------------------------------------------------------------------------------------

const own = `${randomBytes(6).toString("hex")}.invalid`;
const tag = randomBytes(4).toString("hex");
const callId = randomBytes(8).toString("hex");
const sdp =
  "v=0\r\no=ws 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n";

function request(method, cseq, uri, to, body = "") {
  socket.write(
    frame(
      `${method} ${uri} SIP/2.0\r\nVia: SIP/2.0/WS ${own};branch=z9hG4bK${randomBytes(6).toString("hex")};rport\r\n` +
        `From: <sip:12025550100@${own}>;tag=${tag}\r\nTo: ${to}\r\nCall-ID: ${callId}\r\nCSeq: ${cseq} ${method}\r\n` +
        `Contact: <sip:ws@${own};transport=ws>\r\nMax-Forwards: 70\r\n` +
        (body ? "Content-Type: application/sdp\r\n" : "") +
        `Content-Length: ${body.length}\r\n\r\n${body}`,
    ),
  );
}

async function expect(cseq, status) {
  for (;;) {
    const message = await next();
    const [, code] = message.split(" ");
    if (header(message, "CSeq") !== cseq) fail(`not an answer to ${cseq}: ${message}`);
    if (Number(code) < 200 && status >= 200) continue;
    if (Number(code) !== status) fail(`not ${status}: ${message}`);
    return message;
  }
}

async function call() {
  const uri = `sip:${number}@${place}`;
  request("INVITE", 1, uri, `<${uri}>`, sdp);
  const answer = await expect("1 INVITE", 200);
  const contact = header(answer, "Contact").match(/<(.*)>/)?.[1] ?? fail("no Contact");
  if (!/;transport=ws/i.test(contact)) fail(`Contact does not name the transport: ${contact}`);
  if (!answer.includes("m=audio")) fail("no description in the answer");
  const to = header(answer, "To");
  request("ACK", 1, contact, to);
  await new Promise((done) => setTimeout(done, 300));
  request("BYE", 2, contact, to);
  await expect("2 BYE", 200);
  socket.end();
  process.exit(0);
}
