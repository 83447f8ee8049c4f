// Sends REGISTERs by hand, for what SIPp cannot say: credentials on a nonce that was used before, of an old answer, of another
// realm; and listens for what SIPp takes for no message. Prints the status of the last answer, with `stale` when its challenge
// says so, or `silence`; or what was heard.
//
//     node register.mjs HOST:PORT NUMBER PASSWORD STEP...
//
// A step is `ask` (without credentials), `answer` (the last challenge), `replay` (the last credentials once more),
// `realm` (the last challenge as if it were of another realm), `forge` (a nonce that nobody gave), `move` (to another address),
// `private` (the contact is an address behind translation from now on), `for-SECONDS` (how long it shall last), or `hear` (waits
// for a datagram that is no SIP).
import { createHash, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';

const [where, number, password, ...steps] = process.argv.slice(2);
const [host, port] = where.split(':');
const md5 = (text) => createHash('md5').update(text).digest('hex');
let socket, here;
async function stand(address) {
  socket?.close();
  socket = createSocket('udp4');
  await new Promise((ready) => socket.bind(0, address, ready));
  here = `${address}:${socket.address().port}`;
}
await stand('127.0.0.9');
const callId = randomBytes(8).toString('hex');
const uri = `sip:${where}`;
let cseq = 0, contact = '', seconds = '600';

function send(credentials) {
  cseq += 1;
  const branch = `z9hG4bK${randomBytes(8).toString('hex')}`;
  const lines = [
    `REGISTER ${uri} SIP/2.0`,
    `Via: SIP/2.0/UDP ${here};branch=${branch};rport`,
    `From: <sip:${number}@${host}>;tag=r`,
    `To: <sip:${number}@${host}>`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} REGISTER`,
    `Contact: <sip:${number}@${contact || here}>`,
    `Expires: ${seconds}`,
    'Max-Forwards: 70',
    ...(credentials ? [`Authorization: ${credentials}`] : []),
    'Content-Length: 0',
    '',
    '',
  ];
  return new Promise((done) => {
    const silence = setTimeout(() => { socket.off('message', heard); done(''); }, 1500);
    function heard(bytes) {
      const text = bytes.toString();
      if (!text.includes(branch) || text.startsWith('SIP/2.0 1')) return;
      clearTimeout(silence);
      socket.off('message', heard);
      done(text);
    }
    socket.on('message', heard);
    socket.send(lines.join('\r\n'), Number(port), host);
  });
}

function digest(realm, nonce) {
  const cnonce = 'c0ffee';
  const response = md5(`${md5(`${number}:${realm}:${password}`)}:${nonce}:00000001:${cnonce}:auth:${md5(`REGISTER:${uri}`)}`);
  return `Digest username="${number}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", ` +
    `algorithm=MD5, cnonce="${cnonce}", nc=00000001, qop=auth`;
}

function hear() {
  return new Promise((done) => {
    const silence = setTimeout(() => done('nothing heard'), 15000);
    socket.on('message', (bytes) => {
      if (bytes.includes('SIP/2.0')) return;
      clearTimeout(silence);
      done(`heard ${bytes}`);
    });
  });
}

let heard = '';
let answer = '', last = '', realm = '', nonce = '';
for (const step of steps) {
  if (step === 'move') {
    await stand('127.0.0.10');
    continue;
  }
  if (step === 'private') {
    contact = '10.0.0.5:5060';
    continue;
  }
  if (step.startsWith('for-')) {
    seconds = step.slice('for-'.length);
    continue;
  }
  if (step === 'hear') {
    heard = await hear();
    continue;
  }
  if (step === 'answer') last = digest(realm, nonce);
  if (step === 'realm') last = digest('elsewhere', nonce);
  if (step === 'forge') last = digest(realm || 'tandem', 'bm9ib2R5IGdhdmUgdGhpcw==');
  answer = await send(step === 'ask' ? '' : last);
  const challenge = answer.match(/^WWW-Authenticate: (.*)$/im)?.[1] ?? '';
  realm = challenge.match(/realm="([^"]*)"/)?.[1] ?? realm;
  nonce = challenge.match(/nonce="([^"]*)"/)?.[1] ?? nonce;
}
const stale = /stale=true/i.test(answer) ? ' stale' : '';
console.log(heard || (answer ? answer.split(' ')[1] + stale : 'silence'));
socket.close();
