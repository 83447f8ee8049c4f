#!/usr/bin/env bash
# A softphone of others (baresip) registers, calls and is called, and both sides hear the other's tone.
. "$(dirname "$0")/instance.sh"
if ! command -v baresip >/dev/null; then
  echo "baresip is missing: scripts/setup.sh calls installs it" >&2
  exit 1
fi
start_tandem
{
  cat "$here/configuration.toml"
  phone() { printf '\n[[phone]]\nnumber = "%s"\naccount = "Customer"\npassword = "quiet-Heron-42"\n' "$1"; }
  phone 441001
  phone 441002
} >"$work/phones.toml"
check "a document makes phones" apply_file "$work/phones.toml"

# softphone NUMBER TONE [COMMAND]: a baresip that answers by itself, plays a tone in Hz and keeps what it hears.
softphone() {
  local number=$1 tone=$2 directory=$work/baresip-$1
  shift 2
  mkdir -p "$directory"
  local modules media
  media=$(free_port)
  modules=$(dirname "$(find /usr/lib -name account.so -path '*baresip*' | head -1)")
  cat >"$directory/config" <<CONFIG
sip_listen 0.0.0.0:$(free_port)
audio_source ausine,$tone
ausrc_srate 48000
ausrc_channels 2
auplay_channels 1
auplay_srate 48000
rtp_ports $media-$((media + 40))
module_path $modules
module g711.so
module ausine.so
module sndfile.so
snd_path $directory
module_app account.so
module_app menu.so
CONFIG
  printf '<sip:%s@%s>;auth_user=%s;auth_pass=quiet-Heron-42;regint=600;answermode=auto;audio_codecs=PCMA\n' \
    "$number" "$sip" "$number" >"$directory/accounts"
  : >"$directory/contacts"
  (exec baresip -f "$directory" "$@" </dev/null >"$directory/said" 2>&1) &
  far_pids+=($!)
}
registered() { equal "$1" 1 "$(wait_sql 1 "select count(*) from sip.bindings b join sip.phones p on p.id = b.phone_id where p.number = '$2'")"; }

# hears DIRECTORY HERTZ: the file holds that tone: it crosses zero as often as that tone does.
hears() {
  python3 - "$(ls "$work/baresip-$1"/dump-*dec.wav | head -1)" "$2" <<'PYTHON'
import struct, sys
data = open(sys.argv[1], 'rb').read()
rate, data = struct.unpack('<I', data[24:28])[0], data[44:]
samples = struct.unpack('<%dh' % (len(data) // 2), data[:len(data) // 2 * 2])
loud = [s for s in samples if abs(s) > 200]
assert len(loud) > rate / 2, 'silence: %d of %d samples' % (len(loud), len(samples))
first = next(n for n, s in enumerate(samples) if abs(s) > 200)
window = samples[first:first + rate // 2]
crossings = sum((a < 0) != (b < 0) for a, b in zip(window, window[1:]))
hertz = crossings / 2 / (len(window) / rate)
assert abs(hertz - float(sys.argv[2])) < 40, 'it hears %.0f Hz' % hertz
PYTHON
}

softphone 441001 400
registered "a softphone registers" 441001
softphone 441002 900 -e "/dial sip:441001@$sip"
registered "so does another one, which calls the first" 441002
for _ in $(seq 40); do grep -qi "call established" "$work/baresip-441001/said" && break; sleep 0.25; done
sleep 3
no_callees_gently() { for pid in "${far_pids[@]}"; do kill -INT "$pid" 2>/dev/null || true; done; for pid in "${far_pids[@]}"; do wait "$pid" 2>/dev/null || true; done; far_pids=(); }
no_callees_gently
equal "the call is answered and both sides are heard by the relay" "441002|441001|t" \
  "$(wait_sql "441002|441001|t" "select mapping_gateway_name, routing_gateway_name, caller_packets > 50 and callee_packets > 50 from cdr.calls where answered_at is not null")"
check "the called side hears the caller's tone" hears 441001 900
check "the caller hears the called side's tone" hears 441002 400
check "it stops cleanly" stop_tandem
finish
