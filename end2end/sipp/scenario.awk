# Makes one side of a call of matrix/*.call into a SIPp scenario: awk -v side=caller -f scenario.awk matrix/x.call >x.xml
#
# A .call file has both sides of one call, a line for each message in the order in which that side sees it:
#
#   caller | callee            the side whose lines follow; what stands before is for 17-matrix.sh
#   > INVITE sdp               sends a request; `sdp` with the default description, `sdp=sendonly` with that direction
#   > 180 Ringing              sends a response to what came last, or (called side) to the last INVITE where it says `of=INVITE`
#   < 200                      waits for a response or request; `< 180?` may come or not
#   ... tag=b                  on a response: another callee's To-tag
#   ... cseq=3                 on a request: that number in place of the next one
#   + Name: value              one more header in the message sent by the line before
#   + header Name: regexp      the message received by the line before must have it
#   + body regexp              the same of its body
#   + take name Name: regexp   keeps what matches for a later [$name]
#   = text/plain good day      the body of the message sent by the lines before, in place of a description
#   pause 500                  milliseconds
#   # ...                      a comment

function fault(why) { print FILENAME ":" FNR ": " why >"/dev/stderr"; broken = 1; exit 2 }
function escaped(text) { gsub(/&/, "\\&amp;", text); gsub(/</, "\\&lt;", text); gsub(/>/, "\\&gt;", text); gsub(/"/, "\\&quot;", text); return text }
function is_status(word) { return word ~ /^[1-6][0-9][0-9][?]?$/ }

# What a message is written with after its first line.
function option(name,    i) {
  for (i = 3; i <= NF; i++) if ($i ~ ("^" name "=")) return substr($i, length(name) + 2)
  return ""
}
function has(name,    i) {
  for (i = 3; i <= NF; i++) if ($i == name || $i ~ ("^" name "=")) return 1
  return 0
}

# A message is printed when the line after its headers has come.
function flush() {
  if (pending == "send") {
    printf "%s%s", head, more
    if (body != "") printf "Content-Type: %s\nContent-Length: [len]\n\n%s", kind, body
    else print "Content-Length: 0\n"
    print "]]></send>"
  } else if (pending == "receive") {
    if (actions != "") print head "><action>\n" actions "  </action></recv>"
    else print head "/>"
  }
  pending = ""; head = more = body = actions = ""
}

function description() {
  versions++
  kind = "application/sdp"
  return "v=0\no=" side " 1 " versions " IN IP[local_ip_type] [local_ip]\ns=-\nc=IN IP[media_ip_type] [media_ip]\nt=0 0\n" \
    "m=audio [media_port] RTP/AVP 0 101\na=rtpmap:0 PCMU/8000\na=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15\na=ptime:20\n" \
    (option("sdp") == "" ? "" : "a=" option("sdp") "\n") "\n"
}

function request(method,    number, uri, from, to, via, dialog) {
  number = option("cseq")
  if (number == "") number = (method == "ACK" || method == "CANCEL") ? invited : ++sequence
  if (method == "INVITE") invited = number
  dialog = side == "callee" || joined
  if (method == "CANCEL" || (method == "ACK" && refused)) { dialog = side == "callee" || again; via = "[last_Via:]" }
  else via = "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]"
  if (side == "caller") {
    uri = dialog ? "[next_url]" : "sip:[service]@[remote_ip]:[remote_port]"
    from = "From: <sip:[caller]@[local_ip]:[local_port]>;tag=[pid]t[call_number]"
    to = "To: <sip:[service]@[remote_ip]:[remote_port]>" (dialog || (method == "ACK") ? "[peer_tag_param]" : "")
  } else {
    uri = "[next_url]"
    from = "From: [$own];tag=[pid]c[call_number]"
    to = "To: [$far]"
  }
  head = "  <send" (method == "ACK" ? "" : " retrans=\"500\"") "><![CDATA[\n" method " " uri " SIP/2.0\n" via "\n"
  if (dialog) head = head "[routes]\n"
  head = head from "\n" to "\nCall-ID: [call_id]\nCSeq: " number " " method "\nMax-Forwards: 70\n"
  if (method ~ /^(INVITE|UPDATE|REFER)$/) head = head "Contact: <sip:[local_ip]:[local_port]>\n"
  if (has("sdp")) body = description()
  pending = "send"
  if (method == "INVITE" && joined) again = 1
  if (method != "ACK") last_method = method
}

function response(status,    reason, i, tag) {
  reason = ""
  for (i = 3; i <= NF; i++) if ($i !~ /=/ && $i != "sdp") reason = reason " " $i
  tag = option("tag") == "" ? "c" : option("tag")
  head = "  <send" (status >= 200 && asked == "INVITE" || option("of") != "" && status >= 200 ? " retrans=\"500\"" : "") \
    "><![CDATA[\nSIP/2.0 " status reason "\n"
  if (option("of") == "INVITE") {
    head = head "Via: [$via]\nFrom: [$far]\nTo: [$own];tag=[pid]" tag "[call_number]\nCall-ID: [call_id]\nCSeq: [$number_of_invite]\n"
  } else {
    head = head "[last_Via:]\n[last_Record-Route:]\n[last_From:]\n[last_To:]" \
      (asked == "INVITE" && first ? ";tag=[pid]" tag "[call_number]" : "") "\n[last_Call-ID:]\n"
    head = head "[last_CSeq:]\n"
  }
  if (status >= 101 && status < 400) head = head "Contact: <sip:[local_ip]:[local_port]>\n"
  if (has("sdp")) body = description()
  pending = "send"
}

function receive(what,    optional) {
  optional = sub(/[?]$/, "", what) ? " optional=\"true\"" : ""
  if (what ~ /^[0-9]+$/) {
    head = "  <recv response=\"" what "\"" optional
    if (last_method == "INVITE" && what > 100 && what < 300) { head = head " rrs=\"true\""; joined = side == "caller" }
    if (what >= 300) refused = 1
    else if (last_method == "INVITE" && what >= 200) refused = 0
  } else {
    head = "  <recv request=\"" what "\"" optional
    if (what != "ACK") asked = what
    if (what == "INVITE") first = !told_first++ && side == "callee"
    if (what == "INVITE" && side == "callee") {
      head = head " rrs=\"true\""
      actions = "    <ereg regexp=\"&lt;sip:[^&gt;]*&gt;;tag=.*\" search_in=\"hdr\" header=\"From:\" assign_to=\"far\"/>\n" \
        "    <ereg regexp=\"&lt;sip:[^&gt;]*&gt;\" search_in=\"hdr\" header=\"To:\" assign_to=\"own\"/>\n" \
        "    <ereg regexp=\"SIP/2.0.*\" search_in=\"hdr\" header=\"Via:\" assign_to=\"via\"/>\n" \
        "    <ereg regexp=\"[0-9]+ INVITE\" search_in=\"hdr\" header=\"CSeq:\" assign_to=\"number_of_invite\"/>\n"
      variables = variables ",far,own,via,number_of_invite"
    } else if (what != "INVITE") first = 0
  }
  pending = "receive"
}

# + header Name: regexp, + body regexp, + take name Name: regexp, + Name: value
function addition(    text, name, header, where) {
  text = $0
  sub(/^[ \t]*[+][ \t]*/, "", text)
  if (pending == "send") { more = more text "\n"; return }
  if (pending != "receive") fault("there is no message for this")
  where = "search_in=\"body\""
  name = "checked" (++checks)
  if (text ~ /^take /) { split(text, parts, " "); name = parts[2]; sub(/^take [^ ]+ /, "header ", text) }
  if (text ~ /^header /) {
    sub(/^header /, "", text)
    header = substr(text, 1, index(text, ":"))
    text = substr(text, index(text, ":") + 1)
    sub(/^ +/, "", text)
    where = "search_in=\"hdr\" header=\"" header "\""
  } else sub(/^body /, "", text)
  actions = actions "    <ereg regexp=\"" escaped(text) "\" " where " check_it=\"true\" assign_to=\"" name "\"/>\n"
  variables = variables "," name
}

BEGIN { print "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<scenario name=\"" side "\">" }
/^[ \t]*(#|$)/ { next }
/^(caller|callee)$/ { flush(); here = $1 == side; next }
!here { next }
$1 == "+" { addition(); next }
$1 == "=" { kind = $2; sub(/^[ \t]*= *[^ ]+ */, ""); body = $0 "\n\n"; next }
{ flush() }
$1 == ">" && is_status($2) { response($2 + 0); next }
$1 == ">" { request($2); next }
$1 == "<" { receive($2); next }
$1 == "pause" { print "  <pause milliseconds=\"" $2 "\"/>"; next }
{ fault("what is this?") }
END {
  if (broken) exit 2
  flush()
  # SIPp refuses variables that nothing reads.
  if (variables != "") print "  <Reference variables=\"" substr(variables, 2) "\"/>"
  print "</scenario>"
}
