#!/usr/bin/env bash
# Creates a certificate authority, a certificate for the servers and one for clients.
#   make-certificates.sh FOLDER HOST...      HOST: names or addresses by which clients reach the servers
# Rerun with other hosts to keep the authority and create new certificates.
set -euo pipefail

if [[ $# -lt 2 ]]; then
  echo "usage: $0 FOLDER HOST..." >&2
  exit 2
fi
folder=$1
shift
# only the owner may read keys
umask 077
mkdir -p "$folder"
cd "$folder"

names=
for host in "$@"; do
  if [[ $host =~ ^[0-9.]+$ || $host == *:* ]]; then kind=IP; else kind=DNS; fi
  names+="${names:+,}$kind:$host"
done

if [[ ! -e ca-key.pem ]]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 3650 \
    -subj '/CN=edgesweep authority' -addext 'basicConstraints=critical,CA:true' -addext 'keyUsage=critical,keyCertSign,cRLSign' \
    -keyout ca-key.pem -out ca.pem 2>/dev/null
fi

# issue NAME SUBJECT EXTENSIONS
issue() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -subj "/CN=$2" -keyout "$1-key.pem" -out "$1.csr" 2>/dev/null
  openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 825 -extfile <(printf '%b' "$3") \
    -out "$1.pem" 2>/dev/null
  rm "$1.csr"
}

# servers of a cluster are clients of one another
issue server "$1" "subjectAltName=$names\nextendedKeyUsage=serverAuth,clientAuth\n"
issue client 'edgesweep client' 'extendedKeyUsage=clientAuth\n'
chmod 644 ca.pem server.pem client.pem
echo "in $folder: ca.pem for everyone, server.pem and server-key.pem for servers, client.pem and client-key.pem for clients; keep ca-key.pem off both"
