#!/usr/bin/env bash
# Makes the certificates of this folder anew: a maker of authenticators, and some who are none. Each attestation certificate has the key
# `authenticator.pem`, which is no secret.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
model=04:10:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f:10
maker="/C=SE/O=Example Keys AB/CN=Example Attestation"
authenticator="/C=SE/O=Example Keys AB/OU=Authenticator Attestation/CN=Example Key 1"

key() { openssl genpkey -algorithm "$1" ${2:+-pkeyopt "$2"} -out "$3" 2>/dev/null; }

# sign NAME KEY SUBJECT ISSUER DAYS-FROM DAYS-TO EXTENSIONS...: the certificate NAME.pem; an issuer of its own where ISSUER is `-`.
sign() {
  local name=$1 key=$2 subject=$3 issuer=$4 from=$5 to=$6
  shift 6
  printf '%s\n' "[e]" "$@" > "$work/e"
  rm -f "$work/index" && touch "$work/index"
  printf '%s\n' "[ca]" "default_ca=d" "[d]" "database=$work/index" "new_certs_dir=$work" "rand_serial=yes" \
    "default_md=${digest:-sha256}" "policy=p" "unique_subject=no" "[p]" "C=optional" "O=optional" "OU=optional" "CN=supplied" > "$work/c"
  openssl req -new -key "$key" -subj "$subject" -out "$work/r" -config <(printf '[req]\ndistinguished_name=n\n[n]\n')
  local by=(-selfsign -keyfile "$key")
  [ "$issuer" = - ] || by=(-cert "$issuer.pem" -keyfile "$work/$issuer.key")
  openssl ca -batch -notext -config "$work/c" -in "$work/r" -out "$name.pem" "${by[@]}" -preserveDN \
    -startdate "$from" -enddate "$to" -extfile "$work/e" -extensions e 2>/dev/null
}

long=(20200101000000Z 20991231235959Z)
ca=("basicConstraints=critical,CA:true" "keyUsage=critical,keyCertSign,cRLSign")
leaf=("basicConstraints=critical,CA:false" "1.3.6.1.4.1.45724.1.1.4=DER:$model")

key EC ec_paramgen_curve:P-256 authenticator.pem
key EC ec_paramgen_curve:P-256 "$work/root.key"
key EC ec_paramgen_curve:P-256 "$work/other.key"
key EC ec_paramgen_curve:P-384 "$work/middle.key"
key RSA rsa_keygen_bits:2048 "$work/rsa.key"
key EC ec_paramgen_curve:P-256 "$work/narrow.key"
cp authenticator.pem "$work/direct.key"

sign root "$work/root.key" "$maker" - "${long[@]}" "${ca[@]}"
sign other "$work/other.key" "$maker" - "${long[@]}" "${ca[@]}"
sign rsa "$work/rsa.key" "/O=Example Keys AB/CN=Old Root" - "${long[@]}" "${ca[@]}"
sign middle "$work/middle.key" "/O=Example Keys AB/CN=Middle" root "${long[@]}" "${ca[@]}"
sign narrow "$work/narrow.key" "/O=Example Keys AB/CN=Narrow" - "${long[@]}" "basicConstraints=critical,CA:true,pathlen:0" "keyUsage=critical,keyCertSign"
digest=sha256 sign direct authenticator.pem "$authenticator" root "${long[@]}" "${leaf[@]}"
digest=sha384 sign by-middle authenticator.pem "$authenticator" middle "${long[@]}" "${leaf[@]}"
sign by-rsa authenticator.pem "$authenticator" rsa "${long[@]}" "${leaf[@]}"
sign by-other authenticator.pem "$authenticator" other "${long[@]}" "${leaf[@]}"
sign unnamed authenticator.pem "$authenticator" root "${long[@]}" "basicConstraints=critical,CA:false"
sign old authenticator.pem "$authenticator" root 20200101000000Z 20210101000000Z "${leaf[@]}"
sign strange authenticator.pem "$authenticator" root "${long[@]}" "${leaf[@]}" "1.3.6.1.4.1.55555.1=critical,DER:05:00"
# Whoever has an authenticator makes no others by its certificate.
sign by-leaf authenticator.pem "$authenticator" direct "${long[@]}" "${leaf[@]}"
# One authority more than `narrow` lets follow.
cp "$work/middle.key" "$work/below.key"
sign below "$work/middle.key" "/O=Example Keys AB/CN=Below" narrow "${long[@]}" "${ca[@]}"
digest=sha384 sign by-below authenticator.pem "$authenticator" below "${long[@]}" "${leaf[@]}"
