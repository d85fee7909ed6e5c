#!/usr/bin/env bash
# Starts OpenStack Swift with its S3 API (s3api, tempauth) on loopback: one node, one replica.
# Debian packages: swift-proxy swift-account swift-container swift-object python3-swift memcached
# curl (npm run setup:parts).
#
#   swift-start.sh [DIR]       DIR is made anew, and holds every file: configuration, data, log/
#   stop.sh DIR
#
# Ports: SWIFT_PORT (S3 over http) SWIFT_ACCOUNT_PORT SWIFT_CONTAINER_PORT SWIFT_OBJECT_PORT
#        SWIFT_MEMCACHED_PORT
# Keys:  access key test:tester, secret key testing (s3api has ACCOUNT:USER for an access key)
set -Eeuo pipefail

dir=$(realpath -m "${1:-${TMPDIR:-/tmp}/countersign-swift}")
proxy_port=${SWIFT_PORT:-8181}
memcached_port=${SWIFT_MEMCACHED_PORT:-11311}
declare -A ports=(
  [account]=${SWIFT_ACCOUNT_PORT:-6210}
  [container]=${SWIFT_CONTAINER_PORT:-6211}
  [object]=${SWIFT_OBJECT_PORT:-6212}
)
user=$(id -un)

source "$(dirname "$0")/part.sh"
mkdir -p "$dir"/{etc,dev/d1}
cd "$dir/etc"

cat >swift.conf <<X
[swift-hash]
swift_hash_path_suffix = suffix
swift_hash_path_prefix = prefix
[storage-policy:0]
name = default
default = yes
X

cat >proxy-server.conf <<X
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = $proxy_port
workers = 0
user = $user
swift_dir = $dir/etc
log_level = INFO
log_address = /dev/null
[pipeline:main]
pipeline = catch_errors healthcheck proxy-logging cache s3api tempauth copy slo dlo proxy-logging proxy-server
[app:proxy-server]
use = egg:swift#proxy
allow_account_management = true
account_autocreate = true
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
s3_acl = false
check_bucket_owner = false
dns_compliant_bucket_names = false
[filter:healthcheck]
use = egg:swift#healthcheck
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:proxy-logging]
use = egg:swift#proxy_logging
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:$memcached_port
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
min_segment_size = 1
[filter:dlo]
use = egg:swift#dlo
X

for server in account container object; do
  cat >"$server-server.conf" <<X
[DEFAULT]
devices = $dir/dev
mount_check = false
disable_fallocate = true
bind_ip = 127.0.0.1
bind_port = ${ports[$server]}
workers = 0
user = $user
swift_dir = $dir/etc
log_level = INFO
log_address = /dev/null
[pipeline:main]
pipeline = $server-server
[app:$server-server]
use = egg:swift#$server
X
done

# What swift-ring-builder does in nine runs, in one.
/usr/bin/python3 - "${ports[account]}" "${ports[container]}" "${ports[object]}" >"$dir/log/rings.out" 2>&1 <<'X'
import sys
from swift.common.ring import RingBuilder
for server, port in zip(('account', 'container', 'object'), sys.argv[1:]):
    builder = RingBuilder(part_power=4, replicas=1, min_part_hours=0)
    builder.add_dev({
        'region': 1, 'zone': 1, 'weight': 1, 'device': 'd1', 'meta': '',
        'ip': '127.0.0.1', 'port': int(port),
        'replication_ip': '127.0.0.1', 'replication_port': int(port),
    })
    builder.rebalance()
    builder.get_ring().save(server + '.ring.gz')
X

# The pid file is for its path: stop.sh knows a process by a command line that names DIR.
start memcached memcached -u "$user" -l 127.0.0.1 -p "$memcached_port" -U 0 -m 32 -P "$dir/memcached.pid"
for server in account container object proxy; do
  start "$server" env PYTHONUNBUFFERED=1 /usr/bin/python3 "$(command -v "swift-$server-server")" \
    "$dir/etc/$server-server.conf" -v
done

answers() { curl -s -o /dev/null --noproxy '*' "http://127.0.0.1:$1/healthcheck"; }
up=
for _ in $(seq 300); do
  for name in memcached account container object proxy; do
    running "$name" || fail "$name ended by itself, see log/"
  done
  if answers "$proxy_port" && answers "${ports[account]}" && answers "${ports[container]}" &&
    answers "${ports[object]}"; then
    up=1
    break
  fi
  sleep 0.2
done
[ -n "$up" ] || fail "swift did not answer within 60 seconds, see log/"
echo "swift s3api up on http://127.0.0.1:$proxy_port (access key test:tester, secret key testing)"
