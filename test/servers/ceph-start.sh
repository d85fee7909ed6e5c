#!/usr/bin/env bash
# Starts Ceph's S3 server, radosgw, on loopback: one monitor, one object store in memory, no systemd.
# Debian packages: radosgw ceph-mon ceph-osd ceph-common curl openssl (npm run setup:parts).
#
#   ceph-start.sh [DIR]        DIR is made anew, and holds every file: configuration, data, log/
#   stop.sh DIR
#
# Ports: RGW_PORT (http) RGW_TLS_PORT (https) CEPH_MON_PORT CEPH_MON_V1_PORT
# Keys:  RGW_ACCESS_KEY RGW_SECRET_KEY
set -Eeuo pipefail

dir=$(realpath -m "${1:-${TMPDIR:-/tmp}/countersign-ceph}")
http=${RGW_PORT:-8182}
https=${RGW_TLS_PORT:-8183}
mon_v2=${CEPH_MON_PORT:-13300}
mon_v1=${CEPH_MON_V1_PORT:-16789}
access_key=${RGW_ACCESS_KEY:-AKIDEXAMPLE}
secret_key=${RGW_SECRET_KEY:-wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY}
conf=$dir/ceph.conf

source "$(dirname "$0")/part.sh"
mkdir -p "$dir"/{mon,osd/0,rgw}
cd "$dir"

openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost \
  -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout key.pem -out cert.pem 2>openssl.out
cat key.pem cert.pem >rgw.pem

fsid=$(cat /proc/sys/kernel/random/uuid)
mon="[v2:127.0.0.1:$mon_v2,v1:127.0.0.1:$mon_v1]"
cat >"$conf" <<X
[global]
fsid = $fsid
mon initial members = a
mon host = $mon
public network = 127.0.0.0/8
cluster network = 127.0.0.0/8
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
keyring = $dir/keyring
mon osd initial require min compat client = luminous
osd class load list = *
osd class default list = *
mon warn on insecure global id reclaim = false
mon warn on insecure global id reclaim allowed = false
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
mon allow pool size one = true
mon max pg per osd = 2000
mon warn on pool no redundancy = false
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = 2147483648
run dir = $dir/pids
admin socket = $dir/pids/\$cluster-\$name.asok
log file = $dir/log/\$name.log
pid file =
ms bind ipv6 = false
ms bind ipv4 = true
mon data avail crit = 1
mon data avail warn = 1
# One monitor has nobody to agree with: no need to gather proposals for a second.
paxos propose interval = 0.05
paxos min wait = 0.01
[mon.a]
mon data = $dir/mon/a
public addr = 127.0.0.1
[osd.0]
osd data = $dir/osd/0
[client.rgw.a]
rgw data = $dir/rgw
keyring = $dir/keyring
rgw frontends = beast endpoint=127.0.0.1:$http ssl_endpoint=127.0.0.1:$https ssl_certificate=$dir/rgw.pem
rgw dns name = localhost
rgw enable usage log = false
rgw s3 auth use sts = true
rgw sts key = abcdefghijklmnop
rgw thread pool size = 32
X

ceph() { command ceph -c "$conf" --connect-timeout 20 "$@"; }

{
  ceph-authtool --create-keyring keyring --gen-key -n mon. --cap mon 'allow *'
  ceph-authtool keyring --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
  ceph-authtool keyring --gen-key -n client.rgw.a --cap mon 'allow *' --cap osd 'allow *'
  monmaptool --create --addv a "$mon" --fsid "$fsid" monmap
  ceph-mon --mkfs -i a -c "$conf" --monmap monmap --keyring keyring
} >log/setup.out 2>&1
start mon ceph-mon -f -i a -c "$conf"

osd_uuid=$(cat /proc/sys/kernel/random/uuid)
osd_key=$(ceph-authtool --gen-print-key)
echo "{\"cephx_secret\": \"$osd_key\"}" >osd/secret.json
ceph osd new "$osd_uuid" -i osd/secret.json >>log/setup.out 2>&1
printf '[osd.0]\n\tkey = %s\n' "$osd_key" >>keyring
ceph-osd -i 0 -c "$conf" --osd-uuid "$osd_uuid" --mkfs >log/osd-mkfs.out 2>&1
start osd ceph-osd -f -i 0 -c "$conf"

start rgw radosgw -f -n client.rgw.a -c "$conf"
up=
for _ in $(seq 300); do
  if curl -s -o /dev/null --noproxy '*' "http://127.0.0.1:$http/"; then up=1 && break; fi
  for name in mon osd rgw; do running $name || fail "$name ended by itself, see log/"; done
  sleep 0.2
done
[ -n "$up" ] || fail "radosgw did not answer within 60 seconds, see log/"

radosgw-admin -c "$conf" -n client.rgw.a user create --uid=sigv4 --display-name=sigv4 \
  --access-key="$access_key" --secret-key="$secret_key" >log/user.out 2>&1
echo "radosgw up on http://127.0.0.1:$http https://127.0.0.1:$https"
