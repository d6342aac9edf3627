"""Bodies, sealed and clear compartments, circle keys and direct grants, right and wrong."""

from scene import *  # noqa: F403
from tallyformat import (
    AES_256_GCM, BUCKETS, HKDF_SHA256, XWING, Raw, circle_commitment, det, encapsulation, field_leaves, hpke_seal,
    kem_key_id, key_wrap, padded, path, root, seal, sha256, some_id, wrap_key)


# Bodies

def bodies():
    wide = {f"field-{n}": n for n in range(20)} | {"z": "short code first", "a" * 32: "longest code last"}
    kinds = {
        "text": "caf\u00e9 \u6c34", "bytes": b"\x00\xff", "number": 2**64 - 1, "negative": -(2**64), "yes": True,
        "no": False, "nothing": None, "list": [1, [2, [3]]], "map": {1: "one", -1: "minus one", "k": [b""]}}
    fields = {"one-field": {"event-type": "report-recorded"}, "no-fields": {}, "every-kind": kinds, "many-fields": wide}
    vectors = []
    for name, values in fields.items():
        body_seed = sha256(b"body seed " + name.encode())
        leaves = field_leaves(body_seed, values)
        hashes = [leaf for _, _, leaf in leaves]
        vectors.append({
            "id": name, "seed": body_seed, "body": det([body_seed, values]), "field_root": root(hashes),
            "fields": [
                {"field": field, "value": det(values[field]), "salt": own, "leaf_hash": leaf, "path": path(n, hashes)}
                for n, (field, own, leaf) in enumerate(leaves)]})
    return vectors


def paddings():
    """Body byte i is i mod 251; a body that fits no bucket has no padded form."""
    lengths = [0, 1] + [length for size in BUCKETS for length in (size - 5, size - 4, size - 3)]
    vectors = []
    for length in lengths:
        plaintext = padded(bytes(n % 251 for n in range(length)))
        vectors.append({
            "id": f"body-{length}", "body_length": length,
            "padded_length": None if plaintext is None else len(plaintext),
            "sha256": None if plaintext is None else sha256(plaintext),
            "first": None if plaintext is None else plaintext[:8]})
    return vectors


def sealed_compartments():
    return [REPORT, CASE_RECORD, CASE_CONTACT, DEEP]


def clear_compartments():
    return [POINTER, MATCH, PUBLISHED]


# Keys

def circle_keys():
    vectors = []
    for name in ("record", "contact"):
        circle_key = sha256(b"circle key " + name.encode())
        content_key, compartment = sha256(b"content key for " + name.encode()), some_id("compartment " + name)
        wrap = key_wrap(circle_key, content_key, compartment, EPOCH)
        vectors.append({
            "id": name, "circle_key": circle_key, "commitment": circle_commitment(circle_key),
            "wrap_key": wrap_key(circle_key), "content_key": content_key, "compartment": compartment,
            "epoch": EPOCH, "wrapped": wrap[-40:], "wrap": wrap})
    return vectors


def grant(name, epoch, circle, content, recipient="police"):
    stream, event, salt = CASE, some_id("event " + name), some_id("salt " + name)
    kid = kem_key_id(KEM.public)
    info = det(["tallystick/grant/v1", COUNCIL, stream, event, recipient, kid])
    plaintext = det([epoch, circle, content])
    enc = encapsulation(name)
    boxed = hpke_seal(KEM.decapsulate(enc), info, plaintext)
    return {
        "id": name, "origin": COUNCIL, "stream": stream, "event": event, "recipient": recipient, "salt": salt,
        "kem_seed": KEM_SEED, "kem_public_key": KEM.public, "kem_key_id": kid, "info": info, "epoch": epoch,
        "circle_keys": circle, "content_keys": [
            {"origin": origin, "compartment": compartment, "key": key} for origin, compartment, key in content],
        "plaintext": plaintext, "encapsulation": enc, "sealed": boxed,
        "grant": det([2, salt, recipient, kid, XWING, HKDF_SHA256, AES_256_GCM, enc, boxed])}


def direct_grants():
    content = [
        [COUNCIL, vector["parts"]["id"], vector["content_key"]] for vector in (REPORT, CASE_CONTACT)]
    return [
        grant("grant-circle", EPOCH, {"record": CIRCLE_KEY, "contact": CONTACT_KEY}, []),
        grant("grant-content", None, {}, content),
        grant("grant-both", EPOCH, {"record": CIRCLE_KEY}, content),
    ]


# What does not open

def flipped(data, place):
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1:]


def attempt(name, fault, base, **changes):
    """An opening of `base` with some of its inputs changed; the statement is taken to describe what is carried."""
    content = changes.get("content", base["content"])
    parts = dict(base["parts"], content_hash=sha256(content))
    wrap = changes.get("wrap", base["wrap"])
    if wrap is not None:
        parts["wrap_hash"] = sha256(wrap)
    parts.update(changes.get("parts", {}))
    return {
        "id": name, "fault": fault, "how": changes.get("how", "open"), "origin": changes.get("origin", COUNCIL),
        "event": changes.get("event", base["event"]), "content_key": base["content_key"],
        "circle_key": changes.get("circle_key", base["circle_key"]), "compartment": base["parts"]["id"],
        "content": content, "wrap": wrap, "descriptor": det(descriptor_item(parts))}


def resealed(base, plaintext):
    """Another plaintext under the key, nonce and context of `base`."""
    return seal(base["content_key"], base["nonce"], plaintext, base["additional_data"])


def openings_refused():
    base = CASE_RECORD
    body, content = base["body"], base["content"]
    good = padded(body)
    items = [1, 3, base["nonce"], content[-(len(good) + 16):]]
    tail = bytes(len(good) - 5 - len(body)) + b"\x01"
    long_body = (len(good) - 3).to_bytes(4, "big") + good[4:]
    loose = body[:2] + b"\x19\x00\x20" + body[4:]  # the seed's length in three bytes instead of two
    other_body = det([sha256(b"another seed"), {"event-type": "case-opened"}])
    part = base["parts"]
    return [
        attempt("wrong-commitment", "wrong-key-commitment", base, parts={"key_commitment": sha256(b"no")}),
        attempt("tag-flipped", "wrong-tag", base, content=flipped(content, len(content) - 1)),
        attempt("ciphertext-flipped", "wrong-tag", base, content=flipped(content, len(content) - 40)),
        attempt("nonce-flipped", "wrong-tag", base, content=flipped(content, 4)),
        attempt("another-event", "wrong-tag", base, event=some_id("event another")),
        attempt("another-origin", "wrong-tag", base, origin=POLICE),
        attempt("another-label", "wrong-tag", base, parts={"label": "contact"}),
        attempt("another-expiry", "wrong-tag", base, parts={"expires": LATER + 1}),
        attempt("no-expiry", "wrong-tag", base, parts={"expires": None}),
        attempt("padding-not-zero", "bad-padding", base, content=resealed(base, good[:4] + body + tail)),
        attempt("length-beyond-plaintext", "bad-padding", base, content=resealed(base, long_body)),
        attempt("length-too-short", "bad-padding", base, content=resealed(
            base, (len(body) - 1).to_bytes(4, "big") + good[4:])),
        attempt("body-not-deterministic", "bad-body", base, content=resealed(base, padded(loose))),
        attempt("body-not-a-body", "bad-body", base, content=resealed(base, padded(det({})))),
        attempt("body-empty", "bad-body", base, content=resealed(base, bytes(len(good)))),
        attempt("field-root", "field-root", base, parts={"field_root": sha256(b"no")}),
        attempt("another-body", "field-root", base, content=resealed(base, padded(other_body))),
        attempt("length-not-the-stated", "wrong-length", base, parts={"padded_length": 1024}),
        attempt("content-hash", "content-hash", base, parts={"content_hash": sha256(b"no")}),
        attempt("another-compartment", "other-compartment", base, parts={"id": some_id("compartment other")}),
        attempt("content-of-format-2", "unknown-suite", base, content=det([2] + items[1:])),
        attempt("content-chacha", "unknown-suite", base, content=det([1, 24] + items[2:])),
        attempt("content-clear", "bad-content", base, content=det([0, body])),
        attempt("nonce-11-bytes", "bad-content", base, content=det([1, 3, bytes(11), items[3]])),
        attempt("shorter-than-a-tag", "bad-content", base, content=det([1, 3, base["nonce"], bytes(15)])),
        attempt("trailing-byte", "bad-content", base, content=content + b"\x00"),
        attempt("clear-where-sealed-is-due", "other-reader", base, parts=dict(POINTER["parts"], id=part["id"])),
        attempt("wrap-flipped", "wrap", base, how="unwrap", wrap=flipped(base["wrap"], len(base["wrap"]) - 1)),
        attempt("wrap-under-another-key", "wrap", base, how="unwrap", circle_key=CONTACT_KEY),
        attempt("wrap-of-another-epoch", "other-epoch", base, how="unwrap", wrap=key_wrap(
            CIRCLE_KEY, base["content_key"], part["id"], some_id("epoch two"))),
        attempt("wrap-of-another-compartment", "bad-wrap", base, how="unwrap", wrap=key_wrap(
            CIRCLE_KEY, base["content_key"], some_id("compartment other"), EPOCH)),
        attempt("wrap-of-form-2", "bad-wrap", base, how="unwrap", wrap=b"\x84\x02" + base["wrap"][2:]),
        attempt("wrap-hash", "wrap-hash", base, how="unwrap", parts={"wrap_hash": sha256(b"no")}),
        attempt("wrap-of-another-content-key", "wrong-key-commitment", base, how="unwrap", wrap=key_wrap(
            CIRCLE_KEY, CASE_CONTACT["content_key"], part["id"], EPOCH)),
        attempt("wrap-at-home", "other-reader", REPORT, how="unwrap", circle_key=CIRCLE_KEY),
    ] + clear_refused()


def clear_refused():
    base = dict(POINTER, event=CASE_EVENT, content_key=bytes(32), circle_key=None, wrap=None)
    other = det([0, MATCH["body"]])
    loose = det([0, base["body"][:2] + b"\x19\x00\x20" + base["body"][4:]])
    return [
        attempt("clear-field-root", "field-root", base, how="read", parts={"field_root": sha256(b"no")}),
        attempt("clear-another-body", "field-root", base, how="read", content=other,
                parts={"padded_length": len(other)}),
        attempt("clear-length", "wrong-length", base, how="read", parts={"padded_length": 256}),
        attempt("clear-form-1", "bad-body", base, how="read", content=b"\x82\x01" + base["content"][2:]),
        attempt("clear-not-deterministic", "bad-body", base, how="read", content=loose,
                parts={"padded_length": len(loose)}),
        attempt("clear-content-hash", "content-hash", base, how="read", parts={"content_hash": sha256(b"no")}),
        attempt("sealed-where-clear-is-due", "other-reader", REPORT, how="read"),
    ]


def grants_refused():
    """Changes to the first grant, whose recipient is the police."""
    base = direct_grants()[0]
    kid = base["kem_key_id"]

    def framed(name, fault, outer, **changes):
        vector = {
            "id": name, "fault": fault, "origin": COUNCIL, "stream": base["stream"], "event": base["event"],
            "recipient": "police", "kem_seed": KEM_SEED, "grant": det(outer)}
        return vector | changes

    def holding(name, item):
        plaintext = item if isinstance(item, Raw) else det(item)
        boxed = hpke_seal(KEM.decapsulate(base["encapsulation"]), base["info"], plaintext)
        return framed(name, "bad-grant", good[:8] + [boxed])

    good = [2, base["salt"], "police", kid, XWING, HKDF_SHA256, AES_256_GCM, base["encapsulation"], base["sealed"]]
    twice = [[COUNCIL, REPORT["parts"]["id"], REPORT["content_key"]]] * 2
    return [
        framed("another-recipient", "grant-not-for-us", good, recipient="council"),
        framed("recipient-renamed", "grant", good[:2] + ["fire"] + good[3:], recipient="fire"),
        framed("another-stream", "grant", good, stream=OWN),
        framed("another-event", "grant", good, event=some_id("event another")),
        framed("another-origin", "grant", good, origin=POLICE),
        framed("another-kem-key", "unknown-kem-key", good, kem_seed=bytes(32)),
        framed("kem-key-id-other", "unknown-kem-key", good[:3] + [sha256(b"no")] + good[4:]),
        framed("kem-x25519", "unknown-suite", good[:4] + [0x20] + good[5:]),
        framed("kdf-shake256", "unknown-suite", good[:5] + [0x11] + good[6:]),
        framed("aead-chacha", "unknown-suite", good[:6] + [3] + good[7:]),
        framed("encapsulation-flipped", "grant", good[:7] + [flipped(good[7], 5)] + good[8:]),
        framed("sealed-flipped", "grant", good[:8] + [flipped(good[8], 5)]),
        holding("two-items", [EPOCH, {}]),
        holding("keys-without-epoch", [None, {"record": CIRCLE_KEY}, []]),
        holding("key-31-bytes", [EPOCH, {"record": CIRCLE_KEY[:31]}, []]),
        holding("compartment-twice", [None, {}, twice]),
        holding("trailing-byte", Raw(base["plaintext"] + b"\x00")),
    ]


def carried_refused():
    """Parts beside a statement whose outer form is wrong: `part` says as what they are read."""
    wrap, grant_ = CASE_RECORD["wrap"], direct_grants()[0]
    body_seed = sha256(b"body seed")
    outer = [2, grant_["salt"], "police", grant_["kem_key_id"], XWING, HKDF_SHA256, AES_256_GCM, b"enc", b"sealed"]
    shape, encoding = "wrong-shape", "not-deterministic"
    cases = [
        ("wrap-form-2", "wrap", shape, b"\x84\x02" + wrap[2:]),
        ("wrap-39-bytes", "wrap", shape, det([1, wrap[3:19], EPOCH, wrap[-39:]])),
        ("wrap-three-items", "wrap", shape, det([1, wrap[3:19], EPOCH])),
        ("wrap-trailing-byte", "wrap", encoding, wrap + b"\x00"),
        ("wrap-257-bytes", "wrap", encoding, det([1, wrap[3:19], EPOCH, bytes(219)])),
        ("grant-form-1", "grant", shape, det([1] + outer[1:])),
        ("grant-salt-15-bytes", "grant", shape, det(outer[:1] + [bytes(15)] + outer[2:])),
        ("grant-recipient-capitals", "grant", shape, det(outer[:2] + ["Police"] + outer[3:])),
        ("grant-kid-31-bytes", "grant", shape, det(outer[:3] + [bytes(31)] + outer[4:])),
        ("grant-eight-items", "grant", shape, det(outer[:8])),
        ("grant-above-limit", "grant", encoding, det(outer[:8] + [bytes(64 << 10)])),
        ("body-seed-31-bytes", "body", shape, det([body_seed[:31], {}])),
        ("body-three-items", "body", shape, det([body_seed, {}, None])),
        ("body-field-capitals", "body", shape, det([body_seed, {"Actor": 1}])),
        ("body-field-number", "body", shape, det([body_seed, {1: 1}])),
        ("body-field-twice", "body", encoding, det([body_seed, Raw(b"\xa2\x61a\x01\x61a\x02")])),
        ("body-fields-unsorted", "body", encoding, det([body_seed, Raw(b"\xa2\x61b\x01\x61a\x02")])),
        ("body-float", "body", encoding, det([body_seed, {"a": Raw(b"\xf9\x00\x00")}])),
        ("clear-sealed-form", "clear", shape, det([1, det([body_seed, {}])])),
        ("clear-body-inline", "clear", shape, det([0, [body_seed, {}]])),
        ("clear-trailing-byte", "clear", encoding, det([0, det([body_seed, {}])]) + b"\x00"),
    ]
    return [{"id": name, "part": part, "fault": fault, "bytes": data} for name, part, fault, data in cases]
