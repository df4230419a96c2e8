# What the tests in the guest share; sourced by each. A test ends with 'finish'.
export LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive
data=/var/lib/edgegateway
bad=0

# same WHAT EXPECTED FOUND
same() { if [ "$2" = "$3" ]; then echo "  ok   $1"; else echo "  FAIL $1: expected '$2', found '$3'"; bad=1; fi; }
# holds WHAT COMMAND…
holds() { local what=$1; shift; if "$@" >/tmp/holds 2>&1; then echo "  ok   $what"; else echo "  FAIL $what ($*):"; sed 's/^/       /' /tmp/holds; bad=1; fi; }
# contains WHAT PATTERN TEXT
contains() { if grep -qE -- "$2" <<<"$3"; then echo "  ok   $1"; else echo "  FAIL $1: no '$2' in:"; sed 's/^/       /' <<<"$3"; bad=1; fi; }
# within SECONDS WHAT COMMAND…: until it succeeds
within() {
  local limit=$1 what=$2 start=$SECONDS; shift 2
  until "$@" >/tmp/within 2>&1; do
    [ $((SECONDS - start)) -lt "$limit" ] || { echo "  FAIL $what, not within $limit s ($*):"; sed 's/^/       /' /tmp/within; bad=1; return 0; }
    sleep 0.5
  done
  echo "  ok   $what"
}
journal() { journalctl -u edgegateway -o cat --no-pager "$@"; }
main_pid() { systemctl show edgegateway -p MainPID --value; }
ready() { systemctl -q is-active edgegateway && [ -s $data/endpoints.json ]; }

# install_gateway [KEY: VALUE lines of YAML on stdin become conf.d/test.yaml]
install_gateway() {
  mkdir -p /etc/edgegateway/conf.d
  [ -t 0 ] || cat >/etc/edgegateway/conf.d/test.yaml
  dpkg -i /mnt/share/edgegateway.deb || { echo "  FAIL the package does not install"; journal; exit 1; }
}
finish() {
  [ $bad = 0 ] || { echo "--- journal"; journal | tail -n 60; }
  exit $bad
}
