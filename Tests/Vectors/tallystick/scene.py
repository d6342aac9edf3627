"""The partnership that the vectors speak of: a board, a council, a police force and a broker."""

from tallyformat import (
    XWing, additional_data, board_bytes, circle_commitment, content_commitment, det, expand, field_root, key_id,
    key_wrap, padded, public, seal, seed, sha256, sign, some_hash, some_id, statement)

BOARD = "board.example/tallystick/log/1"
COUNCIL = "council.example/tallystick/log/1"
POLICE = "police.example/tallystick/log/1"
BROKER = "broker.example/tallystick/log/1"

MEMBERS = sorted((seed(number) for number in (0xB1, 0xB2, 0xB3)), key=public)
BOARD_STATEMENT, BOARD_LOG = seed(0xB5), seed(0xB6)
COUNCIL_ROOT, COUNCIL_STATEMENT, COUNCIL_LOG, COUNCIL_WITNESS = (seed(n) for n in (0xA0, 0xA1, 0xA2, 0xA3))
BROKER_ROOT, BROKER_STATEMENT, BROKER_LOG = seed(0xC0), seed(0xC1), seed(0xC2)
KEM_SEED = seed(0xE1)

NOW = 1_772_357_400  # 2026-03-01T09:30:00Z
LATER = NOW + 30 * 86_400
LAST_SECOND = 253_402_300_799  # 9999-12-31T23:59:59Z

REGISTER_ROOT = some_hash("register root at 7")
SEEN = {"origin": BROKER, "size": 7, "root": REGISTER_ROOT}
CASE, OWN = some_id("stream case"), some_id("stream own")
EPOCH = some_id("epoch one")
CIRCLE_KEY = sha256(b"circle key record")
CONTACT_KEY = sha256(b"circle key contact")
BUNDLE = some_hash("rules bundle")
DECISION = {
    "bundle": BUNDLE, "purpose": "prevent-crime", "gateway": "cda-1998-s115", "basis": "art-6-1-e",
    "condition": "dpa-sch1-para6"}


def decision_item(decision):
    return None if decision is None else [
        decision["bundle"], decision["purpose"], decision["gateway"], decision["basis"], decision["condition"]]


def seen_item(seen):
    return None if seen is None else [seen["origin"], seen["size"], seen["root"]]


def descriptor_item(parts):
    reader = parts["epoch"] if parts["epoch"] is not None else parts["reader"]
    return [
        parts["id"], parts["label"], parts["padded_length"], parts["content_hash"], parts["wrap_hash"],
        parts["key_commitment"], parts["field_root"], reader, parts["caveats"], parts["expires"]]


def sealed(name, origin, event, label, fields, *, epoch=None, circle_key=None, caveats=(), expires=None):
    """One sealed compartment with everything that goes into it and comes out of it."""
    compartment, body_seed = some_id("compartment " + name), sha256(b"body seed " + name.encode())
    content_key, nonce = sha256(b"content key " + name.encode()), sha256(b"nonce " + name.encode())[:12]
    body = det([body_seed, fields])
    plaintext = padded(body)
    bound = additional_data(origin, event, compartment, label, expires)
    content = seal(content_key, nonce, plaintext, bound)
    wrap = None if epoch is None else key_wrap(circle_key, content_key, compartment, epoch)
    descriptor = {
        "id": compartment, "label": label, "padded_length": len(plaintext), "content_hash": sha256(content),
        "wrap_hash": None if wrap is None else sha256(wrap), "key_commitment": content_commitment(content_key),
        "field_root": field_root(body_seed, fields), "reader": 0 if epoch is None else None, "epoch": epoch,
        "caveats": list(caveats), "expires": expires}
    return {
        "id": name, "origin": origin, "event": event, "circle_key": circle_key, "content_key": content_key,
        "encryption_key": expand(content_key, b"tallystick/cmp/enc/v1"), "nonce": nonce, "body": body,
        "additional_data": bound, "plaintext_sha256": sha256(plaintext), "content": content, "wrap": wrap,
        "parts": descriptor, "descriptor": det(descriptor_item(descriptor))}


def clear(name, label, reader, fields, *, caveats=(), expires=None):
    """One clear compartment: reader 1 pointer, 2 match, 3 public."""
    body_seed = sha256(b"body seed " + name.encode())
    body = det([body_seed, fields])
    content = det([0, body])
    descriptor = {
        "id": some_id("compartment " + name), "label": label, "padded_length": len(content),
        "content_hash": sha256(content), "wrap_hash": None, "key_commitment": None,
        "field_root": field_root(body_seed, fields), "reader": reader, "epoch": None, "caveats": list(caveats),
        "expires": expires}
    return {
        "id": name, "body": body, "content": content, "parts": descriptor,
        "descriptor": det(descriptor_item(descriptor))}


REPORT_EVENT, CASE_EVENT = some_id("event report"), some_id("event case")
REPORT = sealed(
    "report", COUNCIL, REPORT_EVENT, "record",
    {"event-type": "report-recorded", "happened-at": "2026-02-28", "actor": "officer-7", "count": 3})
CASE_RECORD = sealed(
    "case-record", COUNCIL, CASE_EVENT, "record",
    {
        "event-type": "case-opened", "happened-at": "2026-03-01", "actor": "officer-7", "case-agency": "council",
        "case-stream": CASE, "summary": "noise at night, third report"},
    epoch=EPOCH, circle_key=CIRCLE_KEY, caveats=["no-onward", "not-to-subject"], expires=LATER)
CASE_CONTACT = sealed(
    "case-contact", COUNCIL, CASE_EVENT, "contact", {"note": "call before six" + " " * 900},
    epoch=EPOCH, circle_key=CONTACT_KEY)
DEEP = sealed(
    "deep", COUNCIL, some_id("event deep"), "record", {"tree": [[[{"a": [1, -1, True, None]}]]], "zero": 0},
    epoch=EPOCH, circle_key=CIRCLE_KEY, expires=LAST_SECOND)
WORDS = clear("words", "consultation", 3, {"words": "Twenty-eight days is longer than we need"})
POINTER = clear("pointer", "pointer", 1, {"area": "ward-3", "category": "noise"}, expires=LATER)
MATCH = clear("match", "match", 2, {"token": sha256(b"match token")})
YAML = b"protocol: jag\nversion: 2\n"
TABLES = {"caveats": b"no-onward\n", "event-fields": b"case-opened,record,summary\n"}
PUBLISHED = clear("published", "bundle", 3, {"bundle": [1, 1, YAML, TABLES]})

KEM = XWing(KEM_SEED)


def board_act(act, origin, event, kind, signers):
    """A board act with its signatures in order of key."""
    encoded = det(act)
    message = board_bytes(origin, event, kind, encoded)
    signatures = sorted((key_id(public(of)), sign(of, message)) for of in signers)
    return encoded, message, signatures


CIRCLE_LABELS = {
    "record": {"members": [0, 1], "key_commitment": circle_commitment(CIRCLE_KEY)},
    "contact": {"members": [0], "key_commitment": circle_commitment(CONTACT_KEY)}}


def sign_payload(payload, of=COUNCIL_STATEMENT, origin=COUNCIL, stream=CASE, issued_at=NOW, event=None):
    return statement(payload, of, origin, stream, issued_at, event or some_id("event refused"))


__all__ = [name for name in dir() if not name.startswith("_")]
